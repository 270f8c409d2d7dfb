// One row of a table. The table's own styles dress it, as a row that comes into view has to cost next to nothing.

import type { SystemStyleObject } from "@mui/system";
import { memo, type MouseEvent } from "react";
import { type CrmRecord, type Module, titleOf } from "../modules/modules";
import { LockMark } from "../together/LockMark";
import { RecordStatus } from "../ui/StatusChip";
import { ago } from "../ui/words";
import type { ListColumn, Looks } from "./looks";
import { useFlash } from "./useFlash";

export const ROW = 36;
export const cut = { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" } as const;

/** Of what all rows are in. */
export const rowsLook: SystemStyleObject = {
  position: "relative",
  "& > [role=row]": {
    position: "absolute",
    insetInline: 0,
    top: 0,
    display: "grid",
    alignItems: "center",
    height: ROW,
    px: 1,
    cursor: "pointer",
    borderBottom: 1,
    borderColor: "divider",
    // Over the row, and faded by its opacity: that the browser can do beside the page's own work.
    "&[data-flash]::after": {
      content: '""',
      position: "absolute",
      inset: 0,
      pointerEvents: "none",
      opacity: 0,
      bgcolor: "primary.main",
      "@media (prefers-reduced-motion: no-preference)": { animation: "flash-over 1.2s ease-out" },
    },
  },
  "@keyframes flash-over": { from: { opacity: 0.22 } },
  "& > :hover, & > [aria-selected=true]": { bgcolor: "raised" },
  "& [role=cell]": { px: 1, ...cut },
  "& .choice": { px: 0, overflow: "visible" },
  "& .choice label": { display: "grid", placeItems: "center", width: 32, height: 32, cursor: "pointer" },
  "& .choice input": { width: 16, height: 16, m: 0, accentColor: "var(--mui-palette-primary-main)" },
  "& .right": { textAlign: "right" },
  "& .title": { color: "text.primary", fontWeight: 500, textDecoration: "none", "&:hover": { textDecoration: "underline" } },
  "& .note": { typography: "caption", color: "text.secondary", ml: 1 },
  "& .changed": { color: "text.secondary" },
  "& [data-flash] .changed": { color: "primary.main" },
};

/** Which row was clicked to be opened: not to be chosen, nor for another link in it, nor for another tab. */
export function opened({ target, ctrlKey, metaKey, shiftKey, altKey }: MouseEvent): string | undefined {
  if (!(target instanceof Element) || ctrlKey || metaKey || shiftKey || altKey) return undefined;
  if (target.closest("a:not(.title), .choice")) return undefined;
  return target.closest<HTMLElement>("[data-record]")?.dataset["record"];
}

interface CellsProps {
  module: Module;
  record: CrmRecord;
  columns: readonly ListColumn[];
  note: Looks["note"];
  chosen: boolean;
  toggle: (id: string) => void;
}

interface RowProps extends CellsProps {
  template: string;
  start: number; // px
  index: number;
  named: (userId: string) => string;
  editor: string | undefined; // the name of who is editing it
}

export const TableRow = memo(function TableRow({ template, start, index, named, editor, ...cells }: RowProps) {
  const { record, chosen } = cells;
  const by = useFlash(record);
  return (
    <div
      role="row"
      aria-rowindex={index}
      aria-selected={chosen}
      data-flash={by}
      data-record={record.id}
      style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
    >
      <Cells {...cells} />
      <div role="cell" className="right changed">
        {by ? named(by) : editor ? <LockMark name={editor} /> : ago(record.updatedAt, Date.now())}
      </div>
    </div>
  );
});

/** Apart from where the row is and whether it flashes, which changes more often. */
const Cells = memo(function Cells({ module, record, columns, note, chosen, toggle }: CellsProps) {
  const title = titleOf(module, record);
  const number = module.number ? record[module.number] : undefined;
  const beside = note?.(record) ?? (typeof number === "string" ? number : "");
  return (
    <>
      <div role="cell" className="choice">
        <label>
          <input type="checkbox" aria-label={`Choose ${title}`} checked={chosen} onChange={() => toggle(record.id)} />
        </label>
      </div>
      <div role="cell">
        <a className="title" href={`/${module.path}/${record.id}`}>
          {title}
        </a>
        {beside && <span className="note">{beside}</span>}
      </div>
      <div role="cell">
        <RecordStatus record={record} />
      </div>
      {columns.map(({ label, right, cell }) => (
        <div key={label} role="cell" className={right ? "right" : undefined}>
          {cell(record)}
        </div>
      ))}
    </>
  );
});
