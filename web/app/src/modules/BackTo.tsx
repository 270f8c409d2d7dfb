import Link from "@mui/material/Link";
import { Link as RouterLink } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";

export function BackTo({ to, children }: { to: string; children: React.ReactNode }) {
  return (
    <Link
      component={RouterLink}
      to={to}
      variant="body2"
      color="textSecondary"
      sx={{ display: "inline-flex", alignItems: "center", gap: 0.5, mb: 1 }}
    >
      <ChevronLeft size={14} aria-hidden />
      {children}
    </Link>
  );
}
