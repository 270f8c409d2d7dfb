import Box from "@mui/material/Box";
import { HIDDEN } from "../ui/hidden";
import { toneColour } from "../ui/StatusChip";
import { LEVELS, type Level } from "./looks";

export function LevelIcon({ level }: { level: Level }) {
  const { icon: Icon, tone, word } = LEVELS[level];
  return (
    <Box component="span" sx={{ display: "inline-flex", flex: "none", color: toneColour(tone), mt: "1px" }}>
      <Icon size={18} aria-hidden />
      <Box component="span" sx={HIDDEN}>
        {word}:
      </Box>
    </Box>
  );
}
