// How far a box is scrolled, without asking the browser: right after a change it would have to lay the page out first.

import { type RefObject, useCallback, useRef } from "react";

interface Scrolled {
  readonly offset: () => number;
  readonly move: (by: number) => void;
  readonly onScroll: () => void; // of the box
}

export function useScrolled(box: RefObject<HTMLElement | null>): Scrolled {
  const at = useRef(0);
  const offset = useCallback(() => at.current, []);
  const onScroll = useCallback(() => {
    at.current = box.current?.scrollTop ?? 0;
  }, [box]);
  const move = useCallback(
    (by: number) => {
      box.current?.scrollBy({ top: by, behavior: "instant" });
      onScroll(); // its own event comes only with the next frame
    },
    [box, onScroll],
  );
  return { offset, move, onScroll };
}
