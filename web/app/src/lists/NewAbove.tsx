import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { ArrowUp } from "lucide-react";
import { plural } from "../ui/words";

/** Lies over the top of a list that has more above what is in view. */
export function NewAbove({ count, show }: { count: number; show: () => void }) {
  return (
    <Box role="status" sx={{ position: "absolute", insetInline: 0, top: 44, zIndex: 2, display: "grid", justifyItems: "center", pointerEvents: "none" }}>
      {count > 0 && (
        <Button
          variant="contained"
          size="small"
          startIcon={<ArrowUp size={14} aria-hidden />}
          onClick={show}
          sx={{ pointerEvents: "auto", borderRadius: "6px" }}
        >
          {plural(count, "change")} above
        </Button>
      )}
    </Box>
  );
}
