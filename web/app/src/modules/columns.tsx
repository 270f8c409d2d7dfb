// How the records of any module look in a list, from its declaration alone.

import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { Kind } from "@openhouse/client/fields";
import type { ListColumn } from "../lists/looks";
import { RecordStatus } from "../ui/StatusChip";
import { type Column, columnsOf, type CrmRecord, isNumber, type Module, titleOf } from "./modules";
import { Tags, textOf } from "./values";

const WIDTHS: Partial<Record<Kind, string>> = { money: "112px", date: "112px", moment: "160px", choice: "120px", phone: "136px" };

export function columnsFor(module: Module): readonly ListColumn[] {
  return columnsOf(module).map((column) => {
    const [, field] = column;
    const width = WIDTHS[field.type] ?? (isNumber(field) ? "96px" : "minmax(96px, 1fr)");
    return { label: field.label, width, right: isNumber(field), cell: (record) => <Cell column={column} record={record} /> };
  });
}

function Cell({ column: [name, field], record }: { column: Column; record: CrmRecord }) {
  if (field.type === "tags") return <Tags names={Object.keys((record[name] as object | undefined) ?? {})} />;
  return textOf(field, record[name]);
}

/** On a phone. */
export function RecordCard({ module, record }: { module: Module; record: CrmRecord }) {
  const facts = columnsOf(module).slice(0, 3);
  return (
    <>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1 }}>
        <Typography noWrap sx={{ flex: 1, fontWeight: 500 }}>
          {titleOf(module, record)}
        </Typography>
        <RecordStatus record={record} />
      </Box>
      <Typography variant="body2" color="textSecondary" noWrap>
        {facts
          .map(([name, field]) => textOf(field, record[name]))
          .filter(Boolean)
          .join(" · ")}
      </Typography>
    </>
  );
}
