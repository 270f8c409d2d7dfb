import Box from "@mui/material/Box";
import type { SxProps, Theme } from "@mui/material/styles";
import { type ReactNode, use } from "react";
import { PointingContext } from "./pointing";

/** Around what comes from the text: its words stand out there while somebody is at it, by pointer or by keyboard. */
export function Pointed({ name, sx, children }: { name: string; sx?: SxProps<Theme>; children: ReactNode }) {
  const pointing = use(PointingContext);
  const to = () => pointing.to(name);
  const from = () => pointing.from(name);
  return (
    <Box onFocus={to} onBlur={from} onMouseEnter={to} onMouseLeave={from} {...(sx && { sx })}>
      {children}
    </Box>
  );
}
