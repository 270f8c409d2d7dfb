import Box from "@mui/material/Box";
import type { ReactNode } from "react";

export function Facts({ children }: { children: ReactNode }) {
  return (
    <Box component="dl" sx={{ m: 0, display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fill, minmax(132px, 1fr))" }}>
      {children}
    </Box>
  );
}

/** A label and what it is; nothing at all where there is nothing. */
export function Fact({ label, hint, wide = false, children }: { label: string; hint?: ReactNode; wide?: boolean; children: ReactNode }) {
  if (children === undefined || children === null || children === "" || children === false) return null;
  return (
    <Box sx={{ minWidth: 0, gridColumn: wide ? "1 / -1" : undefined }}>
      <Box component="dt" sx={{ typography: "caption", color: "text.secondary" }}>
        {label} {hint}
      </Box>
      <Box component="dd" sx={{ m: 0, overflowWrap: "anywhere" }}>
        {children}
      </Box>
    </Box>
  );
}
