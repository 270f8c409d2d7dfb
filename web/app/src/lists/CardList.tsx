import Box from "@mui/material/Box";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { Link as RouterLink, useSearch } from "@tanstack/react-router";
import { memo, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { CrmRecord, Module } from "../modules/modules";
import { LockMark } from "../together/LockMark";
import { useLockHolders } from "../together/useLockHolders";
import { flashing } from "./flash";
import { listState } from "./listState";
import type { ListProps } from "./looks";
import { useFlash } from "./useFlash";
import { useHeldPlace } from "./useHeldPlace";
import { useMore } from "./useMore";

const CARD = 72;

export function CardList({ module, records, of, card, aside, more }: ListProps) {
  const box = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  const ids = useMemo(() => records.map(({ id }) => id), [records]);
  useLayoutEffect(() => {
    setTop((box.current?.getBoundingClientRect().top ?? 0) + scrollY);
  }, [records.length]);
  // oxlint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised over it
  const rows = useWindowVirtualizer({
    count: records.length,
    estimateSize: () => CARD,
    getItemKey: (index) => ids[index] ?? index,
    scrollMargin: top,
    overscan: 8,
  });
  const shown = rows.getVirtualItems();
  const editors = useLockHolders(module);
  useMore(shown.at(-1)?.index ?? 0, records.length, more);
  useHeldPlace({
    ids,
    of,
    size: CARD,
    offset: () => -(box.current?.getBoundingClientRect().top ?? 0),
    move: (by) => scrollBy({ top: by, behavior: "instant" }),
    reading: () => false,
  });
  return (
    <Box
      component="ul"
      ref={box}
      aria-label={module.label}
      sx={{ position: "relative", m: 0, p: 0, listStyle: "none", overflowAnchor: "none" }}
      style={{ height: rows.getTotalSize() }}
    >
      {shown.map(({ index, start, key }) => {
        const record = records[index];
        return (
          record && (
            <Box
              component="li"
              key={key}
              aria-setsize={more ? -1 : records.length}
              aria-posinset={index + 1}
              sx={{ position: "absolute", insetInline: 0, top: 0, height: CARD, display: "flex", alignItems: "center", borderBottom: 1, borderColor: "divider" }}
              style={{ transform: `translateY(${start - top}px)` }}
            >
              <OneCard module={module} record={record} card={card} editor={editors.get(record.id)} />
              {aside && <Box sx={{ flex: "none", pr: 1 }}>{aside(record)}</Box>}
            </Box>
          )
        );
      })}
    </Box>
  );
}

interface CardProps {
  module: Module;
  record: CrmRecord;
  card: (record: CrmRecord) => ReactNode;
  editor: string | undefined; // the name of who is editing it
}

const OneCard = memo(function OneCard({ module, record, card, editor }: CardProps) {
  const by = useFlash(record);
  const search = useSearch({ strict: false });
  return (
    <Box
      component={RouterLink}
      to={`/${module.path}/${record.id}`}
      state={listState(search)}
      data-flash={by}
      sx={{ flex: 1, minWidth: 0, display: "grid", gridTemplateColumns: "minmax(0, 1fr)", alignContent: "center", gap: 0.5, position: "relative", height: "100%", px: 2, color: "text.primary", textDecoration: "none", ...flashing }}
    >
      {card(record)}
      {editor && (
        <Box component="span" sx={{ position: "absolute", insetInlineEnd: 16, bottom: 0, maxWidth: "60%", display: "flex", px: 0.5, bgcolor: "background.paper" }}>
          <LockMark name={editor} />
        </Box>
      )}
    </Box>
  );
});
