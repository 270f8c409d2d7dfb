import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import useMediaQuery from "@mui/material/useMediaQuery";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Link as RouterLink, useNavigate, useSearch } from "@tanstack/react-router";
import { memo, useMemo, useRef } from "react";
import { type CrmRecord, type Module, titleLabel, titleOf } from "../modules/modules";
import { useNames } from "../modules/data";
import { Tick } from "../modules/Tick";
import { RecordStatus } from "../ui/StatusChip";
import { ago } from "../ui/words";
import { listState } from "./listState";
import { flashing } from "./flash";
import { NewAbove } from "./NewAbove";
import type { ListColumn, ListProps, Looks } from "./RecordList";
import { useFlash } from "./useFlash";
import { useHeldPlace } from "./useHeldPlace";
import { useMore } from "./useMore";

const ROW = 36;
const ROOMY = "(min-width: 1400px)";
const cut = { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" } as const;

export function TableList({ module, records, of, columns: all, note, more, selection }: ListProps) {
  const roomy = useMediaQuery(ROOMY, { noSsr: true });
  const columns = useMemo(() => all.filter((column) => roomy || !column.roomy), [all, roomy]);
  const box = useRef<HTMLDivElement>(null);
  const ids = useMemo(() => records.map(({ id }) => id), [records]);
  // oxlint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised over it
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: (index) => ids[index] ?? index,
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  useMore(shown.at(-1)?.index ?? 0, records.length, more);
  const held = useHeldPlace({
    ids,
    of,
    size: ROW,
    offset: () => box.current?.scrollTop ?? 0,
    move: (by) => box.current?.scrollBy({ top: by, behavior: "instant" }),
    reading: () => box.current?.matches(":hover, :focus-within") ?? false,
  });
  const widths = ["36px", "minmax(180px, 2fr)", statusWidth(module), ...columns.map(({ width }) => width), "96px"];
  const template = widths.join(" ");
  const least = widths.reduce((sum, width) => sum + Number(/\d+/.exec(width)?.[0]), 16); // below that it scrolls sideways in its place
  return (
    <Box sx={{ position: "relative" }}>
      <NewAbove
        count={held.above}
        show={() => {
          held.seen();
          box.current?.scrollTo({ top: 0 });
        }}
      />
      <Box
        ref={box}
        role="table"
        aria-label={module.label}
        aria-rowcount={more ? -1 : records.length + 1}
        onScroll={() => box.current?.scrollTop === 0 && held.above > 0 && held.seen()}
        sx={{ overflow: "auto", overflowAnchor: "none", maxHeight: "max(360px, calc(100dvh - 248px))", typography: "body2", contain: "strict", height: (records.length + 1) * ROW + 2 }}
      >
        <Box
          role="rowgroup"
          sx={{ position: "sticky", top: 0, zIndex: 1, minWidth: least, bgcolor: "background.paper", borderBottom: 1, borderColor: "divider" }}
        >
          <Box role="row" aria-rowindex={1} sx={{ display: "grid", alignItems: "center", height: ROW, px: 1, color: "text.secondary", fontWeight: 500 }} style={{ gridTemplateColumns: template }}>
            <Box role="columnheader">
              <Tick label="Choose all" checked={selection.all} change={selection.toggleAll} />
            </Box>
            <Head>{titleLabel(module)}</Head>
            <Head>Status</Head>
            {columns.map(({ label, right }) => (
              <Head key={label} right={right ?? false}>
                {label}
              </Head>
            ))}
            <Head right>Changed</Head>
          </Box>
        </Box>
        <Box role="rowgroup" sx={{ position: "relative", minWidth: least }} style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start, key }) => {
            const record = records[index];
            return (
              record && (
                <Box
                  key={key}
                  sx={{ position: "absolute", insetInline: 0, top: 0, height: ROW }}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <Row module={module} record={record} columns={columns} note={note} template={template} index={index + 2} chosen={selection.has(record.id)} toggle={selection.toggle} />
                </Box>
              )
            );
          })}
        </Box>
      </Box>
    </Box>
  );
}

/** As its longest status needs it. */
function statusWidth(module: Module): string {
  const longest = Math.max(...Object.keys(module.transitions).map(({ length }) => length));
  return `${Math.max(104, Math.ceil(longest * 6.2) + 44)}px`;
}

function Head({ right = false, children }: { right?: boolean; children: React.ReactNode }) {
  return (
    <Box role="columnheader" sx={{ px: 1, textAlign: right ? "right" : "left", ...cut }}>
      {children}
    </Box>
  );
}

interface RowProps {
  module: Module;
  record: CrmRecord;
  columns: readonly ListColumn[];
  note: Looks["note"];
  template: string;
  index: number;
  chosen: boolean;
  toggle: (id: string) => void;
}

const Row = memo(function Row({ module, record, columns, note, template, index, chosen, toggle }: RowProps) {
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const named = useNames();
  const by = useFlash(record);
  const to = `/${module.path}/${record.id}`;
  const state = listState(search);
  const number = module.number ? record[module.number] : undefined;
  const beside = note?.(record) ?? (typeof number === "string" ? number : "");
  return (
    <Box
      role="row"
      aria-rowindex={index}
      aria-selected={chosen}
      data-flash={by}
      onClick={() => void navigate({ to, state })}
      sx={{
        display: "grid",
        alignItems: "center",
        height: ROW,
        px: 1,
        cursor: "pointer",
        borderBottom: 1,
        borderColor: "divider",
        "&:hover, &[aria-selected=true]": { bgcolor: "raised" },
        ...flashing,
      }}
      style={{ gridTemplateColumns: template }}
    >
      <Box role="cell" onClick={(event) => event.stopPropagation()}>
        <Tick label={`Choose ${titleOf(module, record)}`} checked={chosen} change={() => toggle(record.id)} />
      </Box>
      <Box role="cell" sx={{ px: 1, ...cut }}>
        <Link
          component={RouterLink}
          to={to}
          state={state}
          onClick={(event) => event.stopPropagation()}
          color="textPrimary"
          sx={{ fontWeight: 500 }}
        >
          {titleOf(module, record)}
        </Link>
        {beside && (
          <Box component="span" sx={{ typography: "caption", color: "text.secondary", ml: 1 }}>
            {beside}
          </Box>
        )}
      </Box>
      <Box role="cell" sx={{ px: 1 }}>
        <RecordStatus record={record} />
      </Box>
      {columns.map(({ label, right, cell }) => (
        <Box key={label} role="cell" sx={{ px: 1, textAlign: right ? "right" : "left", ...cut }}>
          {cell(record)}
        </Box>
      ))}
      <Box role="cell" sx={{ px: 1, textAlign: "right", color: by ? "primary.main" : "text.secondary", ...cut }}>
        {by ? named(by) : ago(record.updatedAt, Date.now())}
      </Box>
    </Box>
  );
});
