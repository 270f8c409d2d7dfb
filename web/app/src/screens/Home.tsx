// The day at a glance: what is to do, where the money stands, what changed lately.

import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { Link as RouterLink } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { usePerson } from "../api/context";
import { useGlance, useNames, useStats } from "../modules/data";
import { type CrmRecord, type Module, MODULES, moduleOf, titleOf } from "../modules/modules";
import { Card, Page } from "../ui/layout";
import { Bars, Failed, Waiting } from "../ui/states";
import { Chip, Dot, StatusChip, toneOf } from "../ui/StatusChip";
import { ago, dayOf, daysLeft, daysUntil, shortMoney, timeText, words } from "../ui/words";

const WEEK = 7 * 86_400_000;

export default function Home() {
  const { name } = usePerson();
  const now = new Date();
  return (
    <Page title={`${greeting(now.getHours())}, ${name.split(" ")[0]}`}>
      <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fit, minmax(148px, 1fr))", mb: 2 }}>
        {MODULES.map((module) => (
          <Figure key={module.noun} module={module} />
        ))}
      </Box>
      <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "minmax(0, 1fr) minmax(0, 1fr)" }, alignItems: "start" }}>
        <Today now={now} />
        <KeyDates now={now} />
        {MODULES.slice(0, 1).map((module) => (
          <Lately key={module.noun} module={module} title="Escrows changed lately" query={{ sort: "changed", limit: 6 }} />
        ))}
        <NewLeads />
      </Box>
    </Page>
  );
}

function greeting(hour: number): string {
  if (hour < 5) return "Good night";
  if (hour < 12) return "Good morning";
  return hour < 18 ? "Good afternoon" : "Good evening";
}

/** How many there are, by status, and what they are worth if the module says so. */
function Figure({ module }: { module: Module }) {
  const { data } = useStats(module);
  const counts = Object.entries(data?.total.counts ?? {}).filter(([, count]) => count > 0);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const volume = data?.total["openVolumeCents"];
  return (
    <Box
      component={RouterLink}
      to={`/${module.path}`}
      aria-busy={!data}
      sx={{
        display: "block",
        p: 2,
        minHeight: 124,
        color: "text.primary",
        textDecoration: "none",
        bgcolor: "background.paper",
        border: 1,
        borderColor: "divider",
        borderRadius: "10px",
        "&:hover": { borderColor: "text.secondary" },
      }}
    >
      <Typography variant="body2" color="textSecondary" sx={{ fontWeight: 500 }}>
        {module.label}
      </Typography>
      <Box sx={{ display: "flex", alignItems: "baseline", gap: 1 }}>
        <Box component="span" sx={{ typography: "h1" }}>
          {data ? total.toLocaleString() : " "}
        </Box>
        {typeof volume === "number" && volume > 0 && (
          <Typography component="span" variant="body2" color="textSecondary">
            {shortMoney(volume)} open
          </Typography>
        )}
      </Box>
      <Box sx={{ display: "flex", flexWrap: "wrap", columnGap: 1.5, rowGap: 0.25, mt: 1 }}>
        {counts.map(([status, count]) => (
          <Box key={status} component="span" sx={{ display: "inline-flex", alignItems: "center", gap: 0.75, typography: "caption" }}>
            <Dot tone={toneOf(status)} />
            {count} {words(status).toLowerCase()}
          </Box>
        ))}
      </Box>
    </Box>
  );
}

function Today({ now }: { now: Date }) {
  const start = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const end = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  const query = {
    from: start.toISOString(),
    to: new Date(end.getTime() - 1).toISOString(),
    sort: "date",
    archived: "false",
    limit: 20,
  };
  return (
    <Lately
      module={moduleOf("appointment")}
      title="Today"
      query={query}
      nothing="No appointments today."
      about={(record) => timeText(String(record["startsAt"]))}
    />
  );
}

function KeyDates({ now }: { now: Date }) {
  const query = {
    from: dayOf(new Date(now.getTime() - 4 * WEEK)),
    to: dayOf(new Date(now.getTime() + WEEK)),
    status: "opened,pending",
    archived: "false",
    sort: "date",
    limit: 20,
  };
  return (
    <Lately
      module={moduleOf("escrow")}
      title="Closing this week"
      query={query}
      nothing="No escrow closes this week."
      about={(record) => {
        const days = daysUntil(String(record["closeOfEscrowDate"]), now);
        return <Chip tone={days < 0 ? "red" : days < 3 ? "amber" : "quiet"}>{daysLeft(days)}</Chip>;
      }}
    />
  );
}

function NewLeads() {
  return (
    <Lately
      module={moduleOf("lead")}
      title="New leads"
      query={{ status: "new", archived: "false", limit: 6 }}
      nothing="No lead is waiting for a first call."
    />
  );
}

interface LatelyProps {
  module: Module | undefined;
  title: string;
  query: Record<string, string | number>;
  nothing?: string;
  about?: (record: CrmRecord) => ReactNode;
}

function Lately({ module, ...props }: LatelyProps) {
  return module ? <Glance module={module} {...props} /> : null;
}

function Glance({ module, title, query, nothing, about }: LatelyProps & { module: Module }) {
  const list = useGlance(module, query);
  const named = useNames();
  const records = list.data?.items ?? [];
  const shown = about ?? ((record: CrmRecord) => `${named(record.updatedBy)}, ${ago(record.updatedAt, Date.now())}`);
  return (
    <Card title={title} flush>
      {list.isPending && (
        <Waiting>
          <Box sx={{ p: 2, pt: 0 }}>
            <Bars count={3} height={28} />
          </Box>
        </Waiting>
      )}
      {list.error && records.length === 0 && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.data && records.length === 0 && (
        <Typography color="textSecondary" sx={{ px: 2, pb: 2 }}>
          {nothing ?? `No ${module.path} yet.`}
        </Typography>
      )}
      <Box component="ul" aria-label={title} sx={{ m: 0, p: 0, listStyle: "none" }}>
        {records.map((record) => (
          <Box
            component="li"
            key={record.id}
            sx={{ display: "flex", alignItems: "center", gap: 1.5, minHeight: 44, px: 2, borderTop: 1, borderColor: "divider" }}
          >
            <Link
              component={RouterLink}
              to={`/${module.path}/${record.id}`}
              color="textPrimary"
              sx={{ flex: 1, minWidth: 0, fontWeight: 500, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}
            >
              {titleOf(module, record)}
            </Link>
            <Typography component="span" variant="body2" color="textSecondary" noWrap>
              {shown(record)}
            </Typography>
            <StatusChip status={record.status} />
          </Box>
        ))}
      </Box>
    </Card>
  );
}
