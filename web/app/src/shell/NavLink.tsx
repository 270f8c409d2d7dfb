import Box from "@mui/material/Box";
import type { SxProps, Theme } from "@mui/material/styles";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

interface Props {
  to: string;
  sx: SxProps<Theme>;
  children: ReactNode;
  onClick?: () => void;
}

/** A link of the menu, which shows whether it is where one is. */
export function NavLink({ to, sx, children, onClick }: Props) {
  return (
    <Box
      component={Link}
      to={to}
      activeOptions={{ exact: to === "/", includeSearch: false }}
      {...(onClick ? { onClick } : {})}
      sx={[
        {
          color: "text.secondary",
          textDecoration: "none",
          fontWeight: 500,
          typography: "body1",
          "&:hover": { color: "text.primary", bgcolor: "raised" },
          "&[aria-current=page]": { color: "primary.main", bgcolor: "raised" },
        },
        ...(Array.isArray(sx) ? sx : [sx]),
      ]}
    >
      {children}
    </Box>
  );
}
