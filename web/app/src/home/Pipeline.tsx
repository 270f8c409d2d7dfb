import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import { Link as RouterLink } from "@tanstack/react-router";
import type { Module } from "../modules/modules";
import { useStats } from "../modules/data";
import { Dot, toneColour, toneOf } from "../ui/StatusChip";
import { words } from "../ui/words";
import { sharesOf } from "./months";

/** A module's records by status: a bar in parts, and the same in words, each of which leads to its list. */
export function Pipeline({ module }: { module: Module }) {
  const { data } = useStats(module);
  const shares = sharesOf(data?.total.counts ?? {}, Object.keys(module.transitions));
  const total = shares.reduce((sum, { count }) => sum + count, 0);
  return (
    <Box aria-busy={!data} sx={{ minHeight: 64 }}>
      <Box sx={{ display: "flex", alignItems: "baseline", gap: 1, mb: 0.75 }}>
        <Link component={RouterLink} to={`/${module.path}`} color="textPrimary" sx={{ fontWeight: 500, flex: 1 }}>
          {module.label}
        </Link>
        <Box component="span" sx={{ typography: "body2", color: "text.secondary" }}>
          {data ? total.toLocaleString() : ""}
        </Box>
      </Box>
      <Box aria-hidden sx={{ display: "flex", gap: "2px", height: 8, borderRadius: "4px", overflow: "hidden", bgcolor: "divider" }}>
        {shares.map(({ status, part }) => (
          <Box key={status} sx={{ bgcolor: toneColour(toneOf(status)) }} style={{ flexGrow: part }} />
        ))}
      </Box>
      <Box component="ul" aria-label={`${module.label} by status`} sx={{ display: "flex", flexWrap: "wrap", columnGap: 1.5, rowGap: 0.25, m: 0, mt: 0.75, p: 0, listStyle: "none" }}>
        {shares.map(({ status, count }) => (
          <li key={status}>
            <Link
              component={RouterLink}
              to={`/${module.path}`}
              search={{ status } as never}
              color="textSecondary"
              sx={{ display: "inline-flex", alignItems: "center", gap: 0.75, typography: "caption" }}
            >
              <Dot tone={toneOf(status)} />
              {count} {words(status).toLowerCase()}
            </Link>
          </li>
        ))}
      </Box>
    </Box>
  );
}
