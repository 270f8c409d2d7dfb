import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableContainer from "@mui/material/TableContainer";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { Link as RouterLink, useNavigate } from "@tanstack/react-router";
import { memo } from "react";
import { type CrmRecord, titleOf } from "../modules/modules";
import { Chip, StatusChip } from "../ui/StatusChip";
import { dayOf, money, words } from "../ui/words";
import { daysOnMarket, perSquareFoot, priceOf } from "./facts";
import { LISTINGS, placeOf } from "./ListingCards";

const NUMBERS = ["Price", "Beds", "Baths", "Sq ft", "$/sq ft", "Days on market"] as const;

export function ListingTable({ records }: { records: readonly CrmRecord[] }) {
  return (
    <TableContainer>
      <Table aria-label="Listings" size="small">
        <TableHead>
          <TableRow>
            <TableCell>Address</TableCell>
            <TableCell>Status</TableCell>
            {NUMBERS.map((name) => (
              <TableCell key={name} align="right">
                {name}
              </TableCell>
            ))}
            <TableCell>Kind</TableCell>
            <TableCell>MLS number</TableCell>
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
  const to = `/listings/${record.id}`;
  const [price, each] = [priceOf(record), perSquareFoot(record)];
  const number = (name: string) => (typeof record[name] === "number" && record[name] > 0 ? record[name].toLocaleString() : "");
  const cells = [
    price === undefined ? "" : money(price),
    number("bedrooms"),
    number("bathrooms"),
    number("squareFeet"),
    each === undefined ? "" : money(each),
    daysOnMarket(record, dayOf(new Date())) ?? "",
  ];
  return (
    <TableRow
      hover
      onClick={() => void navigate({ to })}
      sx={{ height: 36, cursor: "pointer", contentVisibility: "auto", containIntrinsicSize: "auto 36px", "&:last-child td": { borderBottom: 0 } }}
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
            {titleOf(LISTINGS, record)}
          </Link>
          <Box component="span" sx={{ typography: "caption", color: "text.secondary", whiteSpace: "nowrap" }}>
            {placeOf(record)}
          </Box>
        </Box>
      </TableCell>
      <TableCell>{record.archived ? <Chip tone="quiet">Archived</Chip> : <StatusChip status={record.status} />}</TableCell>
      {cells.map((cell, index) => (
        <TableCell key={NUMBERS[index]} align="right">
          {cell}
        </TableCell>
      ))}
      <TableCell>{typeof record["propertyType"] === "string" ? words(record["propertyType"]) : ""}</TableCell>
      <TableCell>{String(record["mlsNumber"] ?? "")}</TableCell>
    </TableRow>
  );
});
