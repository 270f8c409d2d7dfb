/** What people do to a page; to begin to look at it is one of it, the network's return is not. The pointer alone is not enough: it also moves when somebody leans on the desk. */

const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart", "input", "visibilitychange"];

export function touches(touched: () => void): () => void {
  const life = new AbortController();
  for (const sign of SIGNS) document.addEventListener(sign, touched, { capture: true, passive: true, signal: life.signal });
  window.addEventListener("focus", touched, life);
  return () => life.abort();
}
