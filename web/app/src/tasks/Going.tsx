import { useEffect, useRef } from "react";

const LOOKS_EVERY = 250; // milliseconds

/** Calls `go` when it has been seen for so long, in milliseconds, by somebody who looks at the page and is not at it. */
export function Going({ lasts, isHeld, go }: { lasts: number; isHeld: () => boolean; go: () => void }) {
  const latest = useRef({ isHeld, go });
  useEffect(() => {
    latest.current = { isHeld, go };
  });
  useEffect(() => {
    let since = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      if (document.visibilityState !== "visible" || latest.current.isHeld()) since = now;
      else if (now - since >= lasts) latest.current.go();
    }, LOOKS_EVERY);
    return () => clearInterval(timer);
  }, [lasts]);
  return null;
}
