// What a card says of an escrow: on the board, and in the list of a phone.

import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { Link as RouterLink, useSearch } from "@tanstack/react-router";
import { listState } from "../lists/listState";
import type { CrmRecord } from "../modules/modules";
import { Days } from "../ui/Days";
import { Progress } from "../ui/Progress";
import { RecordStatus } from "../ui/StatusChip";
import { dayOf, money, shortMoney } from "../ui/words";
import { wholeProgress } from "./checklists";
import { asEscrow } from "./escrow";
import { nextDate } from "./keyDates";

export const CARD_HEIGHT = 120;

const line = { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" } as const;

export function BoardFace({ record }: { record: CrmRecord }) {
  const escrow = asEscrow(record);
  const search = useSearch({ strict: false });
  const now = new Date();
  const next = nextDate(escrow, dayOf(now));
  return (
    <Box sx={{ display: "grid", gap: 0.5, height: "100%", gridTemplateRows: "auto auto auto 1fr" }}>
      <Link
        component={RouterLink}
        to={`/escrows/${record.id}`}
        state={listState(search)}
        draggable={false}
        color="textPrimary"
        sx={{ fontWeight: 500, mr: { xs: 4, md: 7 }, ...line }}
      >
        {escrow.propertyAddress}
      </Link>
      <Typography variant="body2" color="textSecondary" sx={line}>
        {[escrow.purchasePriceCents === undefined ? "" : money(escrow.purchasePriceCents), escrow.buyerName].filter(Boolean).join(" · ")}
      </Typography>
      <Box sx={{ height: 22, ...line }}>
        {next && (
          <>
            <Days day={next.day} now={now} />{" "}
            <Typography component="span" variant="caption" color="textSecondary">
              {next.title}
            </Typography>
          </>
        )}
      </Box>
      <Box sx={{ alignSelf: "end" }}>
        <Progress {...wholeProgress(escrow)} label={`Checklists of ${escrow.propertyAddress}`} />
      </Box>
    </Box>
  );
}

export function ListFace({ record }: { record: CrmRecord }) {
  const escrow = asEscrow(record);
  const now = new Date();
  const next = nextDate(escrow, dayOf(now));
  return (
    <>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1 }}>
        <Typography sx={{ flex: 1, minWidth: 0, fontWeight: 500, ...line }}>{escrow.propertyAddress}</Typography>
        <RecordStatus record={record} />
      </Box>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1, height: 22 }}>
        <Typography variant="body2" color="textSecondary" sx={{ flex: 1, minWidth: 0, ...line }}>
          {[escrow.purchasePriceCents === undefined ? "" : shortMoney(escrow.purchasePriceCents), next?.title ?? escrow.buyerName].filter(Boolean).join(" · ")}
        </Typography>
        {next && <Days day={next.day} now={now} />}
      </Box>
    </>
  );
}
