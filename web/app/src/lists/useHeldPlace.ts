// What somebody reads stays where it is, whatever comes, goes or moves above it.

import { useLayoutEffect, useRef, useState } from "react";
import { shiftOf } from "./shift";

interface Place {
  ids: readonly string[];
  of: string; // what the list shows: with other filters it begins at its top
  size: number; // of a row, in pixels
  offset: () => number; // how far the list is scrolled; below 0 where its top is further down the page
  move: (by: number) => void;
  reading: () => boolean; // whether somebody is at the rows, even at the top ones
}

interface Held {
  above: number; // how many rows have come above what is in view
  seen: () => void;
}

export function useHeldPlace({ ids, of, ...place }: Place): Held {
  const latest = useRef(place);
  useLayoutEffect(() => {
    latest.current = place;
  });
  const before = useRef({ ids, of, held: true });
  const [above, setAbove] = useState(0);

  useLayoutEffect(() => {
    const { size, offset, move, reading } = latest.current;
    const was = before.current;
    const held = was.held && was.of === of;
    before.current = { ids, of, held: held || was.ids !== ids };
    if (was.ids === ids || sameOrder(was.ids, ids)) return;
    const at = offset();
    if (!held) {
      if (at > 0) move(-at);
      return;
    }
    if (at < 0 || (at === 0 && !reading())) return;
    const shift = shiftOf(was.ids, ids, Math.floor(at / size));
    if (shift === 0) return;
    move(shift * size);
    setAbove((count) => Math.max(0, count + shift));
  }, [ids, of]);

  return { above, seen: () => setAbove(0) };
}

function sameOrder(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, at) => id === other[at]);
}
