import Box from "@mui/material/Box";
import type { Presence } from "../contract";
import { toneColour } from "../ui/StatusChip";
import { PRESENCES, presenceText } from "./presence";

export function PresenceWord({ presence }: { presence: Presence | undefined }) {
  const tone = presence ? PRESENCES[presence.status].tone : "quiet";
  return (
    <Box component="span" sx={{ color: toneColour(tone), whiteSpace: "nowrap" }}>
      {presenceText(presence, Date.now())}
    </Box>
  );
}
