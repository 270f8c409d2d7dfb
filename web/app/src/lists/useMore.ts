import { useEffect } from "react";

const AHEAD = 20; // rows before the end of what is loaded

/** Loads more when the last rows come near. */
export function useMore(lastShown: number, count: number, more: (() => void) | undefined): void {
  const near = lastShown >= count - AHEAD;
  useEffect(() => {
    if (near) more?.();
  }, [near, more]);
}
