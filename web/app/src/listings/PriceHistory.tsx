import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useHistory, useNames } from "../modules/data";
import { Card } from "../ui/layout";
import { Bars, Failed, Waiting } from "../ui/states";
import { dayOf, dayText, money } from "../ui/words";
import { type PriceStep, priceSteps } from "./facts";
import { LISTINGS } from "./ListingCard";

const WORDS: Record<PriceStep["kind"], string> = { listed: "Listed", changed: "Changed", sold: "Sold" };

export default function PriceHistory({ id }: { id: string }) {
  const history = useHistory(LISTINGS, id);
  const named = useNames();
  const steps = priceSteps(history.data?.items ?? []);
  return (
    <Card title="Price history">
      {history.isPending && (
        <Waiting>
          <Bars count={2} height={28} />
        </Waiting>
      )}
      {history.error && steps.length === 0 && <Failed error={history.error} retry={() => void history.refetch()} />}
      {history.data && steps.length === 0 && <Typography color="textSecondary">No price was ever set.</Typography>}
      <Box component="ol" aria-label="Price history" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 1 }}>
        {steps.map((step) => (
          <Box component="li" key={`${step.version}${step.kind}`} sx={{ display: "grid", gridTemplateColumns: "104px 96px 1fr auto", gap: 1, alignItems: "baseline", "@media (max-width: 480px)": { gridTemplateColumns: "1fr auto" } }}>
            <Typography component="time" variant="body2" color="textSecondary" dateTime={step.at}>
              {dayText(dayOf(new Date(step.at)))}
            </Typography>
            <Typography component="span" sx={{ fontWeight: 500 }}>
              {money(step.cents)}
            </Typography>
            <Typography component="span" variant="body2" color="textSecondary">
              {WORDS[step.kind]} by {named(step.by)}
            </Typography>
            <Change step={step} />
          </Box>
        ))}
      </Box>
    </Card>
  );
}

function Change({ step: { percent, kind } }: { step: PriceStep }) {
  if (percent === undefined || Math.abs(percent) < 0.05) return <span />;
  const text = `${percent > 0 ? "+" : "−"}${Math.abs(percent).toFixed(1)}%`;
  return (
    <Box component="span" sx={{ typography: "body2", color: percent > 0 ? "success.main" : "error.main" }}>
      {text}
      {kind === "sold" && " to what was asked"}
    </Box>
  );
}
