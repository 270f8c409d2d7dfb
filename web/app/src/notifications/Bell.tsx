// In the header: how many notifications nobody has read, and the way to them.

import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import { useNotifications } from "@openhouse/client/react";
import { Bell as BellIcon } from "lucide-react";

export function Bell({ isOpen, open }: { isOpen: boolean; open: () => void }) {
  const { unread } = useNotifications();
  const count = unread > 99 ? "99+" : String(unread); // as many as the server counts
  return (
    <IconButton
      onClick={open}
      aria-label={unread > 0 ? `Notifications, ${count} unread` : "Notifications"}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      sx={{ position: "relative" }}
    >
      <BellIcon size={20} aria-hidden />
      {unread > 0 && (
        <Box
          component="span"
          aria-hidden
          sx={{
            position: "absolute",
            top: 0,
            right: 0,
            minWidth: 18,
            height: 18,
            px: "4px",
            borderRadius: "9px",
            typography: "caption",
            fontSize: "0.6875rem",
            lineHeight: "18px",
            fontWeight: 600,
            bgcolor: "primary.main",
            color: "primary.contrastText",
          }}
        >
          {count}
        </Box>
      )}
    </IconButton>
  );
}
