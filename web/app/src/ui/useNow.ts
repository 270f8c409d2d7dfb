import { useCallback, useSyncExternalStore } from "react";

const SECOND = 1_000;

/** The time, to the second, and each second anew while that is `wanted`. */
export function useNow(wanted: boolean): number {
  const watch = useCallback(
    (passed: () => void) => {
      if (!wanted) return () => undefined;
      const timer = setInterval(passed, SECOND);
      return () => clearInterval(timer);
    },
    [wanted],
  );
  return useSyncExternalStore(watch, () => Math.floor(Date.now() / SECOND) * SECOND);
}
