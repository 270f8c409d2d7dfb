import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useLayoutEffect, useState } from "react";

const MANY = 200; // so many are simply there: a browser's own search finds them
const AROUND = 12;

export interface Windowed<Item> {
  readonly items: readonly { readonly item: Item; readonly index: number }[];
  /** Heights of what is not there, before and after. */
  readonly before: number;
  readonly after: number;
  readonly measure: ((element: Element | null) => void) | undefined;
}

/** Of many, those that can be seen while the window scrolls. `height`: of one, about. */
export function useWindowed<Item>(all: readonly Item[], height: number, within: RefObject<HTMLElement | null>): Windowed<Item> {
  const isLong = all.length > MANY;
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const box = within.current?.getBoundingClientRect();
    if (isLong && box) setMargin(box.top + scrollY);
  }, [isLong, within]);
  // What it returns is read in this render alone, so nothing stale is kept.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useWindowVirtualizer({
    count: isLong ? all.length : 0,
    estimateSize: () => height,
    overscan: AROUND,
    scrollMargin: margin,
    useFlushSync: false,
  });
  if (!isLong) return { items: all.map((item, index) => ({ item, index })), before: 0, after: 0, measure: undefined };
  const shown = virtual.getVirtualItems();
  const items = shown.flatMap(({ index }) => {
    const item = all[index];
    return item === undefined ? [] : [{ item, index }];
  });
  return {
    items,
    before: (shown[0]?.start ?? margin) - margin,
    after: virtual.getTotalSize() - ((shown.at(-1)?.end ?? margin) - margin),
    measure: virtual.measureElement,
  };
}
