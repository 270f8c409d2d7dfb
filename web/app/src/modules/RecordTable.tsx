import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableContainer from "@mui/material/TableContainer";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import Typography from "@mui/material/Typography";
import { Link as RouterLink, useNavigate } from "@tanstack/react-router";
import { memo } from "react";
import { Chip, StatusChip } from "../ui/StatusChip";
import { ago } from "../ui/words";
import { type CrmRecord, columnsOf, isNumber, type Module, titleOf } from "./modules";
import { Tags, textOf } from "./values";

interface Props {
  module: Module;
  records: readonly CrmRecord[];
}

export function RecordTable({ module, records }: Props) {
  const columns = columnsOf(module);
  return (
    <TableContainer sx={{ display: { xs: "none", md: "block" } }}>
      <Table aria-label={module.label} size="small">
        <TableHead>
          <TableRow>
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
          {records.map((record) => (
            <Row key={record.id} module={module} record={record} />
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

const Row = memo(function Row({ module, record }: { module: Module; record: CrmRecord }) {
  const navigate = useNavigate();
  const to = `/${module.path}/${record.id}`;
  return (
    <TableRow
      hover
      onClick={() => void navigate({ to })}
      sx={{ height: 36, cursor: "pointer", "&:last-child td": { borderBottom: 0 } }}
    >
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
        {ago(record.updatedAt, Date.now())}
      </TableCell>
    </TableRow>
  );
});

/** On a phone: a record is a card, not a row that runs out of the page. */
export function RecordCards({ module, records }: Props) {
  const columns = columnsOf(module).slice(0, 3);
  return (
    <Box component="ul" aria-label={module.label} sx={{ display: { md: "none" }, m: 0, p: 0, listStyle: "none" }}>
      {records.map((record) => (
        <Box component="li" key={record.id} sx={{ borderTop: 1, borderColor: "divider", "&:first-of-type": { borderTop: 0 } }}>
          <Box
            component={RouterLink}
            to={`/${module.path}/${record.id}`}
            sx={{ display: "grid", gap: 0.5, px: 2, py: 1.5, color: "text.primary", textDecoration: "none" }}
          >
            <Box sx={{ display: "flex", alignItems: "center", gap: 1 }}>
              <Typography sx={{ flex: 1, fontWeight: 500, minWidth: 0, overflowWrap: "anywhere" }}>
                {titleOf(module, record)}
              </Typography>
              <Status record={record} />
            </Box>
            <Typography variant="body2" color="textSecondary">
              {columns
                .map(([name, field]) => textOf(field, record[name]))
                .filter(Boolean)
                .join(" · ")}
            </Typography>
          </Box>
        </Box>
      ))}
    </Box>
  );
}

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
