import Box from "@mui/material/Box";
import useMediaQuery from "@mui/material/useMediaQuery";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type MouseEvent, useMemo, useRef } from "react";
import { type Module, titleLabel } from "../modules/modules";
import { useNames } from "../modules/data";
import { Tick } from "../modules/Tick";
import { listState } from "./listState";
import { NewAbove } from "./NewAbove";
import type { ListProps } from "./RecordList";
import { cut, opened, ROW, rowsLook, TableRow } from "./TableRow";
import { useHeldPlace } from "./useHeldPlace";
import { useMore } from "./useMore";

const ROOMY = "(min-width: 1400px)";

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
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const named = useNames();

  function open(event: MouseEvent): void {
    const id = opened(event);
    if (!id) return;
    event.preventDefault();
    void navigate({ to: `/${module.path}/${id}`, state: listState(search) });
  }

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
        <Box role="rowgroup" onClick={open} sx={{ ...rowsLook, minWidth: least }} style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const record = records[index];
            return (
              record && (
                <TableRow
                  key={record.id}
                  index={index + 2}
                  chosen={selection.has(record.id)}
                  toggle={selection.toggle}
                  {...{ module, record, columns, note, named, template, start }}
                />
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
