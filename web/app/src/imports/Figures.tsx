import Box from "@mui/material/Box";
import { Dot, type Tone } from "../ui/StatusChip";

type Figure = readonly [label: string, count: number, tone: Tone];

/** How many rows come to which end. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <Box component="dl" data-figures sx={{ m: 0, display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fill, minmax(92px, 1fr))" }}>
      {figures.map(([label, count, tone]) => (
        <Box key={label} sx={{ display: "flex", flexDirection: "column-reverse" }}>
          <Box component="dt" sx={{ typography: "caption", color: "text.secondary", display: "flex", alignItems: "center", gap: 0.75 }}>
            {count > 0 && <Dot tone={tone} />}
            {label}
          </Box>
          <Box component="dd" sx={{ m: 0, typography: "h2", color: count === 0 ? "text.secondary" : undefined }}>
            {count.toLocaleString()}
          </Box>
        </Box>
      ))}
    </Box>
  );
}
