import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableContainer from "@mui/material/TableContainer";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import Typography from "@mui/material/Typography";
import type { Theme } from "@mui/material/styles";
import useMediaQuery from "@mui/material/useMediaQuery";
import { Link as RouterLink, useNavigate } from "@tanstack/react-router";
import { memo, useRef } from "react";
import { Chip, StatusChip } from "../ui/StatusChip";
import { ago } from "../ui/words";
import { useNames } from "./data";
import { type CrmRecord, columnsOf, isNumber, type Module, titleOf } from "./modules";
import { useFlash } from "../lists/useFlash";
import { flashing } from "../lists/flash";
import type { Selection } from "./selection";
import { Tick } from "./Tick";
import { useWindowed } from "./useWindowed";
import { Tags, textOf } from "./values";

const ROW = 37; // px, with its line
const CARD = 69;

const NONE: readonly CrmRecord[] = [];

interface Props {
  module: Module;
  records: readonly CrmRecord[];
}

interface TableProps extends Props {
  selection?: Selection;
}

export function RecordTable({ module, records, selection }: TableProps) {
  const columns = columnsOf(module);
  const isWide = useMediaQuery((theme: Theme) => theme.breakpoints.up("md"));
  const box = useRef<HTMLDivElement>(null);
  const { items, before, after } = useWindowed(isWide ? records : NONE, ROW, box);
  return (
    <TableContainer ref={box} sx={{ display: { xs: "none", md: "block" } }}>
      <Table aria-label={module.label} aria-rowcount={records.length + 1} size="small">
        <TableHead>
          <TableRow>
            {selection && (
              <TableCell padding="checkbox">
                <Tick label="Choose all" checked={selection.all} change={selection.toggleAll} />
              </TableCell>
            )}
            <TableCell>{module.noun === "escrow" ? "Property" : "Name"}</TableCell>
            <TableCell>Status</TableCell>
            {columns.map(([name, field]) => (
              <TableCell key={name} align={isNumber(field) ? "right" : "left"}>
                {field.label}
              </TableCell>
            ))}
            <TableCell align="right">Changed</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {before > 0 && <Gap height={before} />}
          {items.map(({ item, index }) => (
            <Row
              key={item.id}
              module={module}
              record={item}
              index={index}
              chosen={selection?.has(item.id)}
              toggle={selection?.toggle}
            />
          ))}
          {after > 0 && <Gap height={after} />}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

/** In the place of rows that cannot be seen. */
function Gap({ height }: { height: number }) {
  return (
    <TableRow aria-hidden style={{ height }}>
      <TableCell colSpan={99} sx={{ p: 0, border: 0 }} />
    </TableRow>
  );
}

interface RowProps {
  module: Module;
  record: CrmRecord;
  index: number;
  chosen: boolean | undefined; // undefined: rows of this table are not chosen
  toggle: ((id: string) => void) | undefined;
}

const Row = memo(function Row({ module, record, index, chosen, toggle }: RowProps) {
  const navigate = useNavigate();
  const named = useNames();
  const by = useFlash(record);
  const to = `/${module.path}/${record.id}`;
  return (
    <TableRow
      hover
      aria-rowindex={index + 2}
      onClick={() => void navigate({ to })}
      selected={chosen === true}
      data-flash={by}
      sx={{ height: 36, cursor: "pointer", "&:last-child td": { borderBottom: 0 }, ...flashing }}
    >
      {chosen !== undefined && (
        <TableCell padding="checkbox">
          <Tick label={`Choose ${titleOf(module, record)}`} checked={chosen} change={() => toggle?.(record.id)} />
        </TableCell>
      )}
      <TableCell sx={{ maxWidth: 320 }}>
        <Box sx={{ display: "flex", alignItems: "baseline", gap: 1 }}>
          <Link
            component={RouterLink}
            to={to}
            onClick={(event) => event.stopPropagation()}
            color="textPrimary"
            sx={{ fontWeight: 500, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}
          >
            {titleOf(module, record)}
          </Link>
          <Numbered module={module} record={record} />
        </Box>
      </TableCell>
      <TableCell>
        <Status record={record} />
      </TableCell>
      {columnsOf(module).map(([name, field]) => (
        <TableCell
          key={name}
          align={isNumber(field) ? "right" : "left"}
          sx={{ whiteSpace: "nowrap", maxWidth: 220, overflow: "hidden", textOverflow: "ellipsis" }}
        >
          {field.type === "tags" ? (
            <Tags names={Object.keys((record[name] as object | undefined) ?? {})} />
          ) : (
            textOf(field, record[name])
          )}
        </TableCell>
      ))}
      <TableCell align="right" sx={{ color: "text.secondary", whiteSpace: "nowrap" }}>
        {by ? <Editor name={named(by)} /> : ago(record.updatedAt, Date.now())}
      </TableCell>
    </TableRow>
  );
});

function Editor({ name }: { name: string }) {
  return (
    <Box component="span" sx={{ color: "text.primary", fontWeight: 500 }}>
      {name}
    </Box>
  );
}

/** On a phone: a record is a card, not a row that runs out of the page. */
export function RecordCards({ module, records }: Props) {
  const isWide = useMediaQuery((theme: Theme) => theme.breakpoints.up("md"));
  const box = useRef<HTMLUListElement>(null);
  const { items, before, after, measure } = useWindowed(isWide ? NONE : records, CARD, box);
  return (
    <Box ref={box} component="ul" aria-label={module.label} sx={{ display: { md: "none" }, m: 0, p: 0, listStyle: "none" }}>
      {before > 0 && <li aria-hidden style={{ height: before }} />}
      {items.map(({ item, index }) => (
        <Box
          component="li"
          key={item.id}
          ref={measure}
          data-index={index}
          sx={{ borderTop: 1, borderColor: "divider", "&:first-of-type": { borderTop: 0 } }}
        >
          <RecordCard module={module} record={item} />
        </Box>
      ))}
      {after > 0 && <li aria-hidden style={{ height: after }} />}
    </Box>
  );
}

const RecordCard = memo(function RecordCard({ module, record }: { module: Module; record: CrmRecord }) {
  const by = useFlash(record);
  return (
    <Box
      component={RouterLink}
      to={`/${module.path}/${record.id}`}
      data-flash={by}
      sx={{
        display: "grid",
        gap: 0.5,
        px: 2,
        py: 1.5,
        color: "text.primary",
        textDecoration: "none",
        ...flashing,
      }}
    >
      <Box sx={{ display: "flex", alignItems: "center", gap: 1 }}>
        <Typography sx={{ flex: 1, fontWeight: 500, minWidth: 0, overflowWrap: "anywhere" }}>{titleOf(module, record)}</Typography>
        <Status record={record} />
      </Box>
      <Typography variant="body2" color="textSecondary">
        {columnsOf(module)
          .slice(0, 3)
          .map(([name, field]) => textOf(field, record[name]))
          .filter(Boolean)
          .join(" · ")}
      </Typography>
    </Box>
  );
});

function Numbered({ module, record }: { module: Module; record: CrmRecord }) {
  const number = module.number && record[module.number];
  if (typeof number !== "string") return null;
  return (
    <Typography component="span" variant="caption" color="textSecondary" noWrap>
      {number}
    </Typography>
  );
}

function Status({ record }: { record: CrmRecord }) {
  return record.archived ? <Chip tone="quiet">Archived</Chip> : <StatusChip status={record.status} />;
}
