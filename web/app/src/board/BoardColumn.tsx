// One column: its head, and as many of its cards as are in view.

import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useDroppable } from "@dnd-kit/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useMemo, useRef } from "react";
import { NewAbove } from "../lists/NewAbove";
import { useHeldPlace } from "../lists/useHeldPlace";
import { useScrolled } from "../lists/useScrolled";
import { useMore } from "../lists/useMore";
import { useList } from "../modules/data";
import type { CrmRecord, Module } from "../modules/modules";
import { useLockHolders } from "../together/useLockHolders";
import { Bars, Failed, Waiting } from "../ui/states";
import { Dot, toneOf } from "../ui/StatusChip";
import { words } from "../ui/words";
import type { ListSearch } from "../urls";
import { BoardCard } from "./BoardCard";
import { shownIn } from "./moves";
import type { Mover } from "./useMoves";

const GAP = 8;

interface Props {
  module: Module;
  status: string;
  filters: ListSearch;
  count: number | undefined;
  refusal: string | undefined; // why the card that is being moved may not come here
  mover: Mover;
  card: (record: CrmRecord) => ReactNode;
  cardHeight: number;
}

export function BoardColumn({ module, status, filters, count, refusal, mover, card, cardHeight }: Props) {
  const list = useList(module, filters);
  const { setNodeRef, isOver } = useDroppable({ id: status });
  const records = useMemo(() => shownIn(status, list.records, mover.moves), [status, list.records, mover.moves]);
  const failed = list.error && records.length === 0;
  const { hasMore, isFetchingMore, fetchMore } = list;
  const more = hasMore && !isFetchingMore ? () => void fetchMore() : undefined;
  return (
    <Box
      component="section"
      ref={setNodeRef}
      aria-label={words(status)}
      data-refuses={refusal ? "" : undefined}
      sx={{
        position: "relative",
        minWidth: 0,
        p: 1,
        borderRadius: "10px",
        bgcolor: "raised",
        outline: isOver && !refusal ? "2px solid var(--mui-palette-primary-main)" : "none",
      }}
    >
      <Box sx={{ display: "flex", alignItems: "center", gap: 1, px: 0.5, height: 28, mb: 1 }}>
        <Dot tone={toneOf(status)} />
        <Typography component="h2" variant="body2" sx={{ fontWeight: 600 }}>
          {words(status)}
        </Typography>
        <Typography component="span" variant="body2" color="textSecondary">
          {count?.toLocaleString() ?? (list.isPending ? "" : `${records.length.toLocaleString()}${hasMore ? "+" : ""}`)}
        </Typography>
      </Box>
      {isOver && refusal && (
        <Typography variant="body2" sx={{ position: "absolute", insetInline: 8, top: 44, zIndex: 2, p: 1.5, borderRadius: "6px", border: 1, borderColor: "error.main", color: "error.main", bgcolor: "background.paper" }}>
          {refusal}
        </Typography>
      )}
      {list.isPending && (
        <Waiting>
          <Bars count={3} height={cardHeight} />
        </Waiting>
      )}
      {failed && <Failed error={list.error} retry={() => void list.refetch()} />}
      {!list.isPending && !failed && records.length === 0 && (
        <Typography variant="body2" color="textSecondary" sx={{ px: 0.5, pb: 1 }}>
          Nothing is {words(status).toLowerCase()}.
        </Typography>
      )}
      <Cards
        module={module}
        status={status}
        records={records}
        of={JSON.stringify(filters)}
        more={more}
        mover={mover}
        card={card}
        cardHeight={cardHeight}
        dimmed={refusal !== undefined}
      />
    </Box>
  );
}

interface CardsProps extends Pick<Props, "module" | "status" | "mover" | "card" | "cardHeight"> {
  records: readonly CrmRecord[];
  of: string;
  more: (() => void) | undefined;
  dimmed: boolean;
}

function Cards({ module, status, records, of, more, mover, card, cardHeight, dimmed }: CardsProps) {
  const box = useRef<HTMLDivElement>(null);
  const ids = useMemo(() => records.map(({ id }) => id), [records]);
  const size = cardHeight + GAP;
  // oxlint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised over it
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => box.current,
    estimateSize: () => size,
    getItemKey: (index) => ids[index] ?? index,
    overscan: 4,
  });
  const shown = rows.getVirtualItems();
  const editors = useLockHolders(module);
  useMore(shown.at(-1)?.index ?? 0, records.length, more);
  const scrolled = useScrolled(box);
  const held = useHeldPlace({
    ids,
    of,
    size,
    offset: scrolled.offset,
    move: scrolled.move,
    reading: () => box.current?.matches(":focus-within") ?? false,
  });
  return (
    <>
      <NewAbove
        count={held.above}
        show={() => {
          held.seen();
          box.current?.scrollTo({ top: 0 });
        }}
      />
      <Box
        ref={box}
        onScroll={() => {
          scrolled.onScroll();
          if (scrolled.offset() === 0 && held.above > 0) held.seen();
        }}
        sx={{ overflowY: "auto", overflowAnchor: "none", maxHeight: { xs: "calc(100dvh - 320px)", md: "max(320px, calc(100dvh - 292px))" }, minHeight: records.length ? Math.min(size * 2, size * records.length) : 0, opacity: dimmed ? 0.45 : 1 }}
      >
        <Box component="ul" aria-label={words(status)} sx={{ position: "relative", m: 0, p: 0, listStyle: "none" }} style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start, key }) => {
            const record = records[index];
            return (
              record && (
                <Box
                  component="li"
                  key={key}
                  aria-setsize={more ? -1 : records.length}
                  aria-posinset={index + 1}
                  sx={{ position: "absolute", insetInline: 0, top: 0, height: cardHeight }}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <BoardCard module={module} record={record} status={status} move={mover.move} card={card} height={cardHeight} editor={editors.get(record.id)} />
                </Box>
              )
            );
          })}
        </Box>
      </Box>
    </>
  );
}
