// Records as tiles beside each other, in a page that scrolls: only the lines in view are there. While somebody is at them, no
// tile goes elsewhere: what has come is told above, and shown when they want it.

import Box from "@mui/material/Box";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { CrmRecord, Module } from "../modules/modules";
import { LockMark } from "../together/LockMark";
import { useLockHolders } from "../together/useLockHolders";
import { NewAbove } from "./NewAbove";
import { useMore } from "./useMore";

const GAP = 16; // px, as everything here
const LEAST_WIDTH = 264;

export interface Tiles {
  readonly height: number; // about
  readonly tile: (record: CrmRecord) => ReactNode;
  readonly waiting: ReactNode;
}

interface Props {
  module: Module;
  records: readonly CrmRecord[];
  tiles: Tiles;
  more: (() => void) | undefined;
  held: number; // changes that are not shown
  show: () => void;
  atThem: (reading: boolean) => void;
}

export default function TileList({ module, records, tiles, more, held, show, atThem }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [{ top, across }, setPlace] = useState({ top: 0, across: 1 });
  useLayoutEffect(() => {
    const measure = () => {
      const { top: from, width } = box.current?.getBoundingClientRect() ?? { top: 0, width: 0 };
      const next = { top: Math.round(from + scrollY), across: Math.max(1, Math.floor((width + GAP) / (LEAST_WIDTH + GAP))) };
      setPlace((before) => (before.top === next.top && before.across === next.across ? before : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);

  const isOver = useRef(false);
  const look = useCallback(() => {
    const list = box.current;
    atThem(Boolean(list && (isOver.current || list.getBoundingClientRect().top < 0 || list.matches(":focus-within"))));
  }, [atThem]);
  const point = (over: boolean) => () => {
    isOver.current = over;
    look();
  };
  useEffect(() => {
    addEventListener("scroll", look, { passive: true });
    return () => {
      removeEventListener("scroll", look);
      atThem(false);
    };
  }, [look, atThem]);

  const lines = useMemo(
    () => Array.from({ length: Math.ceil(records.length / across) }, (_, line) => records.slice(line * across, (line + 1) * across)),
    [records, across],
  );
  // oxlint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised over it
  const rows = useWindowVirtualizer({
    count: lines.length,
    estimateSize: () => tiles.height + GAP,
    scrollMargin: top,
    overscan: 2,
  });
  const shown = rows.getVirtualItems();
  const editors = useLockHolders(module);
  useMore(((shown.at(-1)?.index ?? 0) + 1) * across, records.length, more);
  return (
    <>
      <Box sx={{ position: "sticky", top: 24, zIndex: 2 }}>
        <NewAbove
          count={held}
          show={() => {
            show();
            scrollTo({ top: 0 });
          }}
        />
      </Box>
      <Box
        ref={box}
        role="list"
        aria-label={module.label}
        onPointerMove={point(true)} // no event says that what lay over it is gone
        onPointerLeave={point(false)}
        onFocus={look}
        onBlur={look}
        sx={{ position: "relative", overflowAnchor: "none" }}
        style={{ height: rows.getTotalSize() }}
      >
        {shown.map(({ index, start, key }) => (
          <Box
            key={key}
            ref={rows.measureElement}
            data-index={index}
            role="presentation"
            sx={{ position: "absolute", insetInline: 0, top: 0, pb: `${GAP}px`, display: "grid", gap: `${GAP}px` }}
            style={{ transform: `translateY(${start - top}px)`, gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))` }}
          >
            {lines[index]?.map((record) => (
              <Tile key={record.id} record={record} tile={tiles.tile} editor={editors.get(record.id)} />
            ))}
          </Box>
        ))}
      </Box>
    </>
  );
}

const Tile = memo(function Tile({ record, tile, editor }: { record: CrmRecord; tile: Tiles["tile"]; editor: string | undefined }) {
  return (
    <Box role="listitem" sx={{ minWidth: 0, position: "relative" }}>
      {tile(record)}
      {editor && (
        <Box sx={{ position: "absolute", right: 12, top: 12, maxWidth: "calc(100% - 24px)", display: "flex", pointerEvents: "none", px: 1, py: "2px", borderRadius: "6px", bgcolor: "background.paper" }}>
          <LockMark name={editor} />
        </Box>
      )}
    </Box>
  );
});
