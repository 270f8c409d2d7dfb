import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { Link as RouterLink, useSearch } from "@tanstack/react-router";
import { ReachIcons } from "../clients/ReachButtons";
import { listState } from "../lists/listState";
import { type CrmRecord, titleOf } from "../modules/modules";
import { Chip, RecordStatus } from "../ui/StatusChip";
import { shortMoney, words } from "../ui/words";
import { asLead, heatOf, type Lead, LEADS, waitingOf } from "./lead";

export const CARD_HEIGHT = 144;

const line = { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" } as const;

const aboutOf = ({ source, budgetCents }: Lead): string =>
  [source && words(source), budgetCents === undefined ? "" : shortMoney(budgetCents)].filter(Boolean).join(" · ");

export function Score({ score }: { score: number | undefined }) {
  if (score === undefined) return null;
  const { text, tone } = heatOf(score);
  return (
    <Chip tone={tone}>
      {text} {score}
    </Chip>
  );
}

export function Age({ lead }: { lead: Lead }) {
  const waiting = waitingOf(lead, Date.now());
  return waiting ? <Chip tone={waiting.tone}>{waiting.text}</Chip> : null;
}

export function BoardFace({ record }: { record: CrmRecord }) {
  const lead = asLead(record);
  const search = useSearch({ strict: false });
  return (
    <Box sx={{ display: "grid", gap: 0.5, height: "100%", gridTemplateRows: "auto auto auto 1fr" }}>
      <Link
        component={RouterLink}
        to={`/leads/${record.id}`}
        state={listState(search)}
        draggable={false}
        color="textPrimary"
        sx={{ fontWeight: 500, mr: { xs: 4, md: 7 }, ...line }}
      >
        {titleOf(LEADS, record)}
      </Link>
      <Typography variant="body2" color="textSecondary" sx={line}>
        {aboutOf(lead) || "Source not known"}
      </Typography>
      <Box sx={{ display: "flex", gap: 0.5, height: 22, overflow: "hidden" }}>
        <Score score={lead.score} />
        <Age lead={lead} />
      </Box>
      <Box sx={{ alignSelf: "end", ml: -1, mb: -0.5 }}>
        <ReachIcons record={record} name={titleOf(LEADS, record)} />
      </Box>
    </Box>
  );
}

export function ListFace({ record }: { record: CrmRecord }) {
  const lead = asLead(record);
  return (
    <>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1 }}>
        <Typography sx={{ flex: 1, minWidth: 0, fontWeight: 500, ...line }}>{titleOf(LEADS, record)}</Typography>
        <RecordStatus record={record} />
      </Box>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1, height: 22 }}>
        <Typography variant="body2" color="textSecondary" sx={{ flex: 1, minWidth: 0, ...line }}>
          {aboutOf(lead)}
        </Typography>
        <Age lead={lead} />
      </Box>
    </>
  );
}
