import Link from "@mui/material/Link";
import { Link as RouterLink, useLocation } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";

/** To a list as one left it, with its filters. */
export function BackTo({ to, children }: { to: string; children: React.ReactNode }) {
  const list = useLocation({ select: ({ state }) => state.list });
  return (
    <Link
      component={RouterLink}
      to={to}
      search={(list ?? {}) as never}
      variant="body2"
      color="textSecondary"
      sx={{ display: "inline-flex", alignItems: "center", gap: 0.5, mb: 1 }}
    >
      <ChevronLeft size={14} aria-hidden />
      {children}
    </Link>
  );
}
