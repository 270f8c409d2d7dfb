import Box from "@mui/material/Box";
import { useNow } from "../ui/useNow";
import { timeLeft } from "./lockWords";

/** Of a lock, to the second; not spoken. `until`: in milliseconds since 1970. */
export function TimeLeft({ until }: { until: number }) {
  return (
    <Box component="span" role="timer" sx={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums", color: "text.secondary" }}>
      {timeLeft(until, useNow(true))}
    </Box>
  );
}
