// What rows are full of: statuses, dots, bars. Plain elements, dressed once for all of them: to work out the style of each
// takes longer than to draw it, and a list that is scrolled makes hundreds a second. `--tone` and `--size` are their own.

import type { CSSObject } from "@mui/material/styles";

export const marks = (caption: CSSObject): Record<string, CSSObject> => ({
  ".dot": { flex: "none", width: "var(--size, 6px)", height: "var(--size, 6px)", borderRadius: "50%", backgroundColor: "var(--tone)" },
  ".chip": {
    ...caption,
    display: "inline-flex",
    alignItems: "center",
    gap: 6,
    height: 22,
    paddingInline: 8,
    borderRadius: 6,
    fontWeight: 500,
    whiteSpace: "nowrap",
    color: "var(--tone)",
    backgroundColor: "color-mix(in srgb, var(--tone) 11%, var(--mui-palette-background-paper))",
  },
  ".progress": { ...caption, display: "inline-flex", alignItems: "center", gap: 8, color: "var(--mui-palette-text-secondary)" },
  ".progress > [role=progressbar]": {
    position: "relative",
    width: "var(--size, 64px)",
    height: 4,
    borderRadius: 2,
    backgroundColor: "var(--mui-palette-divider)",
    overflow: "hidden",
  },
  ".progress > [role=progressbar] > span": { position: "absolute", inset: "0 auto 0 0", backgroundColor: "var(--mui-palette-primary-main)" },
  ".beside": { display: "flex", alignItems: "center", gap: 6 },
  ".beside > .cut": { overflow: "hidden", textOverflow: "ellipsis" },
});
