import { useEffect, useState } from "react";

const SHORT = 1_000;

/** Whether it has been so for a second: what passes sooner is not worth a word. */
export function useLasts(so: boolean): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!so) return undefined;
    const timer = setTimeout(() => setLasts(true), SHORT);
    return () => {
      clearTimeout(timer);
      setLasts(false);
    };
  }, [so]);
  return so && lasts;
}
