import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { Link as RouterLink } from "@tanstack/react-router";
import { flashing } from "../lists/flash";
import { useFlash } from "../lists/useFlash";
import { type CrmRecord, moduleAt, titleOf } from "../modules/modules";
import { RecordStatus } from "../ui/StatusChip";
import { dayOf, money, plural } from "../ui/words";
import { daysOnMarket, perSquareFoot, priceOf } from "./facts";
import { Features } from "./Features";
import { Photo } from "./Photo";

export const LISTINGS = moduleAt("listings");

export function ListingCard({ record }: { record: CrmRecord }) {
  const by = useFlash(record);
  const [price, each] = [priceOf(record), perSquareFoot(record)];
  const days = daysOnMarket(record, dayOf(new Date()));
  return (
    <Box
      component={RouterLink}
      to={`/listings/${record.id}`}
      data-flash={by}
      sx={{
        display: "block",
        height: "100%",
        color: "text.primary",
        textDecoration: "none",
        bgcolor: "background.paper",
        border: 1,
        borderColor: "divider",
        borderRadius: "10px",
        overflow: "hidden",
        "&:hover": { borderColor: "text.secondary" },
        "&:focus-visible": { outlineOffset: "-2px" },
        ...flashing,
      }}
    >
      <Box sx={{ position: "relative" }}>
        <Photo listing={record} height={144} />
        <Box sx={{ position: "absolute", top: 12, left: 12 }}>
          <RecordStatus record={record} />
        </Box>
      </Box>
      <Box sx={{ p: 2, display: "grid", gap: 0.5 }}>
        <Box sx={{ display: "flex", alignItems: "baseline", gap: 1 }}>
          <Typography variant="h2" component="span" sx={{ flex: 1 }}>
            {price === undefined ? "No price yet" : money(price)}
          </Typography>
          {each !== undefined && (
            <Typography component="span" variant="body2" color="textSecondary">
              {money(each)}/sq ft
            </Typography>
          )}
        </Box>
        <Typography sx={{ fontWeight: 500, overflowWrap: "anywhere" }}>{titleOf(LISTINGS, record)}</Typography>
        <Typography variant="body2" color="textSecondary">
          {placeOf(record)}
        </Typography>
        <Typography variant="body2" component="div" sx={{ mt: 0.5 }}>
          <Features listing={record} />
        </Typography>
        {days !== undefined && (
          <Typography variant="body2" color="textSecondary">
            {record.status === "sold" ? `Sold in ${plural(days, "day")}` : `${plural(days, "day")} on market`}
          </Typography>
        )}
      </Box>
    </Box>
  );
}

export function placeOf(record: CrmRecord): string {
  const text = (name: string) => (typeof record[name] === "string" ? record[name] : "");
  return [text("city"), [text("state"), text("zip")].filter(Boolean).join(" ")].filter(Boolean).join(", ");
}
