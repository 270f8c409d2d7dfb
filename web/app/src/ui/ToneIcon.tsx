import Box from "@mui/material/Box";
import type { LucideIcon } from "lucide-react";
import { HIDDEN } from "./hidden";
import { type Tone, toneColour } from "./StatusChip";

interface Props {
  icon: LucideIcon;
  tone: Tone;
  word: string; // what it says to who does not see it
}

/** Before a line of text. */
export function ToneIcon({ icon: Icon, tone, word }: Props) {
  return (
    <Box component="span" sx={{ display: "inline-flex", flex: "none", color: toneColour(tone), mt: "1px" }}>
      <Icon size={18} aria-hidden />
      <Box component="span" sx={HIDDEN}>
        {word}:
      </Box>
    </Box>
  );
}
