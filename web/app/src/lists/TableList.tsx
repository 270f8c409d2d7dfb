import GlobalStyles from "@mui/material/GlobalStyles";
import useMediaQuery from "@mui/material/useMediaQuery";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { memo, type MouseEvent, useMemo, useRef } from "react";
import { type Module, titleLabel } from "../modules/modules";
import { useNames } from "../modules/data";
import { Tick } from "../modules/Tick";
import { useLockHolders } from "../together/useLockHolders";
import { listState } from "./listState";
import { NewAbove } from "./NewAbove";
import type { ListColumn, ListProps } from "./looks";
import { cut, opened, ROW, rowsLook, TableRow } from "./TableRow";
import { useHeldPlace } from "./useHeldPlace";
import { useMore } from "./useMore";
import { useScrolled } from "./useScrolled";

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
  const scrolled = useScrolled(box);
  const held = useHeldPlace({
    ids,
    of,
    size: ROW,
    offset: scrolled.offset,
    move: scrolled.move,
    reading: () => box.current?.matches(":hover, :focus-within") ?? false,
  });
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const named = useNames();
  const editors = useLockHolders(module);

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
    <div className="record-table">
      {looks}
      <NewAbove
        count={held.above}
        show={() => {
          held.seen();
          box.current?.scrollTo({ top: 0 });
        }}
      />
      <div
        ref={box}
        role="table"
        aria-label={module.label}
        aria-rowcount={more ? -1 : records.length + 1}
        onScroll={() => {
          scrolled.onScroll();
          if (scrolled.offset() === 0 && held.above > 0) held.seen();
        }}
        style={{ height: (records.length + 1) * ROW + 2 }}
      >
        <Header {...{ module, columns, template, least }} all={selection.all} toggleAll={selection.toggleAll} />
        {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- each row has a link for the keyboard */}
        <div role="rowgroup" className="rows" onClick={open} style={{ height: rows.getTotalSize(), minWidth: least }}>
          {shown.map(({ index, start }) => {
            const record = records[index];
            return (
              record && (
                <TableRow
                  key={record.id}
                  index={index + 2}
                  chosen={selection.has(record.id)}
                  toggle={selection.toggle}
                  editor={editors.get(record.id)}
                  {...{ module, record, columns, note, named, template, start }}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface HeaderProps {
  module: Module;
  columns: readonly ListColumn[];
  template: string;
  least: number; // px
  all: boolean;
  toggleAll: () => void;
}

/** Not drawn anew with every row that changes. */
const Header = memo(function Header({ module, columns, template, least, all, toggleAll }: HeaderProps) {
  return (
    <div role="rowgroup" className="header" style={{ minWidth: least }}>
      <div role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        <div role="columnheader" className="choice">
          <Tick label="Choose all" checked={all} change={toggleAll} />
        </div>
        <div role="columnheader">{titleLabel(module)}</div>
        <div role="columnheader">Status</div>
        {columns.map(({ label, right }) => (
          <div key={label} role="columnheader" className={right ? "right" : undefined}>
            {label}
          </div>
        ))}
        <div role="columnheader" className="right">
          Changed
        </div>
      </div>
    </div>
  );
});

/** Of every table, once: to dress the parts of one with each row that changes takes longer than the row. */
const looks = (
  <GlobalStyles
    styles={(theme) =>
      theme.unstable_sx({
        ".record-table": {
          position: "relative",
          "& > [role=table]": { overflow: "auto", overflowAnchor: "none", maxHeight: "max(360px, calc(100dvh - 248px))", typography: "body2", contain: "strict" },
          "& .header": { position: "sticky", top: 0, zIndex: 1, bgcolor: "background.paper", borderBottom: 1, borderColor: "divider" },
          "& .header > [role=row]": { display: "grid", alignItems: "center", height: ROW, px: 1, color: "text.secondary", fontWeight: 500 },
          "& [role=columnheader]:not(.choice)": { px: 1, ...cut },
          "& .right": { textAlign: "right" },
          "& .rows": rowsLook,
        },
      })
    }
  />
);

/** As its longest status needs it. */
function statusWidth(module: Module): string {
  const longest = Math.max(...Object.keys(module.transitions).map(({ length }) => length));
  return `${Math.max(104, Math.ceil(longest * 6.2) + 44)}px`;
}
