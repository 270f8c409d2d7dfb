/**
 * What people do to a page; to begin to look at it is one of it, the network's return is not. The pointer alone is not
 * enough: it also moves when somebody leans on the desk.
 *
 * Told when the event is over: what is drawn anew before the page itself has heard of it would take back what was typed.
 */

const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart", "input", "visibilitychange"];

export function touches(touched: () => void): () => void {
  const life = new AbortController();
  const { signal } = life;
  const later = (): void => {
    setTimeout(() => {
      if (!signal.aborted) touched();
    });
  };
  for (const sign of SIGNS) document.addEventListener(sign, later, { capture: true, passive: true, signal });
  window.addEventListener("focus", later, { signal });
  return () => life.abort();
}
