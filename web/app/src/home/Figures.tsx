// Where the money stands: live, as the stats of the escrows are.

import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { Suspense } from "react";
import { ESCROWS } from "../escrows/escrow";
import { useStats } from "../modules/data";
import { MODULES } from "../modules/modules";
import { Card } from "../ui/layout";
import { part } from "../ui/part";
import { Bars, Failed, Waiting } from "../ui/states";
import { dayOf, shortMoney } from "../ui/words";
import { lastMonths } from "./months";
import { Pipeline } from "./Pipeline";

const CommissionPlot = part(() => import("./CommissionPlot"));
const MONTHS = 6;

export function Money({ now }: { now: Date }) {
  const stats = useStats(ESCROWS);
  const { data } = stats;
  const volume = data?.total["openVolumeCents"];
  const byMonth = (data?.total["commissionCents"] ?? {}) as Readonly<Record<string, number>>;
  const months = lastMonths(byMonth, dayOf(now).slice(0, 7), MONTHS);
  return (
    <Card title="Money">
      {stats.isPending && (
        <Waiting>
          <Bars count={1} height={228} />
        </Waiting>
      )}
      {stats.error && !data && <Failed error={stats.error} retry={() => void stats.refetch()} />}
      {data && (
        <>
          <Box sx={{ display: "grid", gridTemplateColumns: "1fr 1fr", gap: 2, mb: 2 }}>
            <Figure label="Open volume" cents={typeof volume === "number" ? volume : 0} />
            <Figure label="Commission this month" cents={months.at(-1)?.cents ?? 0} />
          </Box>
          <Typography variant="caption" color="textSecondary">
            Commission of closed escrows, by month
          </Typography>
          <Suspense fallback={<Bars count={1} height={148} />}>
            <CommissionPlot months={months} />
          </Suspense>
        </>
      )}
    </Card>
  );
}

function Figure({ label, cents }: { label: string; cents: number }) {
  return (
    <Box>
      <Typography variant="body2" color="textSecondary">
        {label}
      </Typography>
      <Box aria-label={label} role="group" sx={{ typography: "h1" }}>
        {shortMoney(cents)}
      </Box>
    </Box>
  );
}

export function Pipelines() {
  return (
    <Card title="Pipeline">
      <Box sx={{ display: "grid", gap: 2 }}>
        {MODULES.map((module) => (
          <Pipeline key={module.noun} module={module} />
        ))}
      </Box>
    </Card>
  );
}
