import Box from "@mui/material/Box";
import { PencilLine } from "lucide-react";
import { HIDDEN } from "../ui/hidden";

/** In a row or on a card: who is editing it. */
export function LockMark({ name }: { name: string }) {
  return (
    <Box
      component="span"
      title={`${name} is editing this`}
      sx={{ display: "inline-flex", alignItems: "center", gap: 0.5, maxWidth: "100%", typography: "caption", fontWeight: 500, color: "warning.main", whiteSpace: "nowrap" }}
    >
      <Box component={PencilLine} size={12} aria-hidden sx={{ flex: "none" }} />
      <Box component="span" sx={{ overflow: "hidden", textOverflow: "ellipsis" }}>
        {name}
      </Box>
      <Box component="span" sx={HIDDEN}>
        {" "}
        is editing this
      </Box>
    </Box>
  );
}
