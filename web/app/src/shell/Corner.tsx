// What lies over every page at its corner: what has just come, and under it what is at work.

import Box from "@mui/material/Box";
import { Toasts } from "../notifications/Toasts";
import { TaskTray } from "../tasks/TaskTray";

/** On a phone the ones are at the top and the others at the bottom. */
export function Corner({ quiet }: { quiet: boolean }) {
  return (
    <Box
      sx={{
        position: { md: "fixed" },
        zIndex: 1250, // over drawers, below dialogs
        right: 16,
        bottom: 16,
        display: "grid",
        gap: 1,
      }}
    >
      <Toasts quiet={quiet} />
      <TaskTray />
    </Box>
  );
}
