// How a page is laid out: its width, its title, its cards.

import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { SxProps, Theme } from "@mui/material/styles";
import { type ReactNode, useEffect } from "react";

interface PageProps {
  title: string;
  about?: ReactNode; // beside the title: a count, a status
  actions?: ReactNode;
  above?: ReactNode; // the way back
  narrow?: boolean;
  children: ReactNode;
}

export function Page({ title, about, actions, above, narrow = false, children }: PageProps) {
  useTitle(title);
  return (
    <Box sx={{ px: { xs: 2, md: 4 }, py: { xs: 2, md: 3 }, mx: "auto", maxWidth: narrow ? 880 : 1440 }}>
      {above}
      <Box sx={{ display: "flex", alignItems: "center", flexWrap: "wrap", gap: 2, mb: { xs: 2, md: 3 } }}>
        <Box sx={{ display: "flex", alignItems: "center", gap: 1.5, flex: "1 1 auto", minWidth: 0, flexWrap: "wrap" }}>
          <Typography variant="h1" sx={{ overflowWrap: "anywhere", fontSize: { xs: "1.5rem", md: "1.75rem" } }}>
            {title}
          </Typography>
          {about}
        </Box>
        {actions && <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>{actions}</Box>}
      </Box>
      {children}
    </Box>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Openhouse`;
  }, [title]);
}

interface CardProps {
  title?: string;
  action?: ReactNode;
  children: ReactNode;
  flush?: boolean; // its content reaches its edges
  sx?: SxProps<Theme>;
}

export function Card({ title, action, children, flush = false, sx }: CardProps) {
  return (
    <Box
      component={title ? "section" : "div"}
      aria-label={title}
      sx={[
        { bgcolor: "background.paper", border: 1, borderColor: "divider", borderRadius: "10px", overflow: "hidden" },
        ...(Array.isArray(sx) ? sx : [sx]),
      ]}
    >
      {title && (
        <Box sx={{ display: "flex", alignItems: "center", gap: 1, px: 2, pt: 1.5, pb: flush ? 1.5 : 0, minHeight: 44 }}>
          <Typography variant="h3" component="h2" sx={{ flex: 1 }}>
            {title}
          </Typography>
          {action}
        </Box>
      )}
      <Box sx={flush ? undefined : { p: 2 }}>{children}</Box>
    </Box>
  );
}
