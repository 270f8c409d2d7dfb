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
import { type CrmRecord, moduleAt, titleOf } from "../modules/modules";
import { phoneText, Tags } from "../modules/values";
import { Chip, StatusChip } from "../ui/StatusChip";
import { ago, words } from "../ui/words";
import { emailsOf, phonesOf } from "./contact";
import { ReachIcons } from "./ReachButtons";

export const CLIENTS = moduleAt("clients");

interface Props {
  records: readonly CrmRecord[];
}

const WIDE = { display: { xs: "none", lg: "table-cell" } } as const;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

export function ClientTable({ records }: Props) {
  return (
    <TableContainer sx={{ display: { xs: "none", md: "block" } }}>
      <Table aria-label="Clients" size="small">
        <TableHead>
          <TableRow>
            {["Name", "Status", "Buys or sells", "Phone", "E-mail", "City", "Tags", "Reach"].map((name) => (
              <TableCell key={name} sx={name === "E-mail" ? WIDE : undefined}>
                {name}
              </TableCell>
            ))}
            <TableCell align="right">Changed</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {records.map((record) => (
            <Row key={record.id} record={record} />
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

const Row = memo(function Row({ record }: { record: CrmRecord }) {
  const navigate = useNavigate();
  const to = `/clients/${record.id}`;
  const name = titleOf(CLIENTS, record);
  const phone = phonesOf(record)[0]?.value;
  return (
    <TableRow
      hover
      onClick={() => void navigate({ to })}
      sx={{
        height: 44,
        cursor: "pointer",
        contentVisibility: "auto",
        containIntrinsicSize: "auto 44px",
        "& td": { py: 0.5 },
        "&:last-child td": { borderBottom: 0 },
      }}
    >
      <TableCell sx={{ maxWidth: 260 }}>
        <Link
          component={RouterLink}
          to={to}
          onClick={(event) => event.stopPropagation()}
          color="textPrimary"
          sx={{ fontWeight: 500, display: "inline-block", minWidth: 112 }}
        >
          {name}
        </Link>
        {text(record["company"]) && text(record["company"]) !== name && (
          <Typography variant="caption" color="textSecondary" component="div">
            {text(record["company"])}
          </Typography>
        )}
      </TableCell>
      <TableCell>
        <Status record={record} />
      </TableCell>
      <TableCell>{text(record["clientType"]) && words(text(record["clientType"]))}</TableCell>
      <TableCell sx={{ whiteSpace: "nowrap" }}>{phone && phoneText(phone)}</TableCell>
      <TableCell sx={{ ...WIDE, maxWidth: 220, overflow: "hidden", textOverflow: "ellipsis" }}>{emailsOf(record)[0]?.value}</TableCell>
      <TableCell>{text(record["city"])}</TableCell>
      <TableCell>
        <Tags names={Object.keys((record["tags"] as object | undefined) ?? {}).slice(0, 3)} />
      </TableCell>
      <TableCell>
        <ReachIcons record={record} name={name} />
      </TableCell>
      <TableCell align="right" sx={{ color: "text.secondary", whiteSpace: "nowrap" }}>
        {ago(record.updatedAt, Date.now())}
      </TableCell>
    </TableRow>
  );
});

/** On a phone: who it is, and what a thumb can do about it. */
export function ClientCards({ records }: Props) {
  return (
    <Box component="ul" aria-label="Clients" sx={{ display: { md: "none" }, m: 0, p: 0, listStyle: "none" }}>
      {records.map((record) => {
        const name = titleOf(CLIENTS, record);
        const tags = Object.keys((record["tags"] as object | undefined) ?? {});
        return (
          <Box
            component="li"
            key={record.id}
            sx={{ display: "flex", alignItems: "center", gap: 1, px: 2, py: 1.5, borderTop: 1, borderColor: "divider", "&:first-of-type": { borderTop: 0 } }}
          >
            <Box
              component={RouterLink}
              to={`/clients/${record.id}`}
              sx={{ flex: 1, minWidth: 0, display: "grid", gap: 0.5, color: "text.primary", textDecoration: "none" }}
            >
              <Typography sx={{ fontWeight: 500, overflowWrap: "anywhere" }}>{name}</Typography>
              <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 0.5 }}>
                <Status record={record} />
                <Typography variant="body2" color="textSecondary">
                  {[words(text(record["clientType"])), text(record["city"]), ...tags].filter(Boolean).join(" · ")}
                </Typography>
              </Box>
            </Box>
            <ReachIcons record={record} name={name} />
          </Box>
        );
      })}
    </Box>
  );
}

function Status({ record }: { record: CrmRecord }) {
  return record.archived ? <Chip tone="quiet">Archived</Chip> : <StatusChip status={record.status} />;
}
