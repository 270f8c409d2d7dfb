import Box from "@mui/material/Box";
import type { Presence } from "../contract";
import { Avatar } from "../ui/Avatar";
import { toneColour } from "../ui/StatusChip";
import { PRESENCES } from "./presence";

interface Props {
  name: string;
  status: Presence["status"] | undefined;
  size?: number;
}

/** Somebody's avatar with a mark of whether they are there: full, or a ring. A word says it, too, wherever this stands. */
export function PersonFace({ name, status, size = 28 }: Props) {
  const colour = status && toneColour(PRESENCES[status].tone);
  return (
    <Box component="span" aria-hidden sx={{ position: "relative", display: "inline-grid", flex: "none" }}>
      <Avatar name={name} size={size} />
      {status && status !== "offline" && (
        <Box
          component="span"
          data-presence={status}
          sx={{
            position: "absolute",
            right: -2,
            bottom: -2,
            width: 10,
            height: 10,
            borderRadius: "50%",
            border: "2px solid",
            borderColor: colour,
            bgcolor: status === "online" ? colour : "background.paper",
            boxShadow: "0 0 0 2px var(--mui-palette-background-paper)",
          }}
        />
      )}
    </Box>
  );
}
