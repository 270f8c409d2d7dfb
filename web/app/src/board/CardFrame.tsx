import Box from "@mui/material/Box";
import type { ReactNode } from "react";
import { flashing } from "../lists/flash";

interface Props {
  height: number;
  lifted?: boolean; // it lies over the page
  ghost?: boolean; // where it was lifted from
  flash?: string | undefined;
  children: ReactNode;
}

export function CardFrame({ height, lifted = false, ghost = false, flash, children }: Props) {
  return (
    <Box
      data-flash={flash}
      sx={{
        height,
        p: 1.5,
        overflow: "hidden",
        bgcolor: "background.paper",
        border: 1,
        borderColor: lifted ? "primary.main" : "divider",
        borderRadius: "6px",
        boxShadow: lifted ? "0 8px 24px rgb(0 0 0 / 0.18)" : "none",
        opacity: ghost ? 0.4 : 1,
        cursor: lifted ? "grabbing" : "default",
        ...flashing,
      }}
    >
      {children}
    </Box>
  );
}
