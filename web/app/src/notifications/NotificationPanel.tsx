// What this person was told of in 30 days, the newest first.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Drawer from "@mui/material/Drawer";
import IconButton from "@mui/material/IconButton";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { type Notifications, useNotifications } from "@openhouse/client/react";
import { Link as RouterLink } from "@tanstack/react-router";
import { Check, Settings, X } from "lucide-react";
import { complaintOf } from "../api/complaint";
import { useAnnounce } from "../ui/Announcer";
import { Bars, Empty, Failed, Waiting } from "../ui/states";
import { ago } from "../ui/words";
import { LevelIcon } from "./LevelIcon";
import { pathOf } from "./looks";
import { More } from "./More";

type Entry = Notifications["items"][number];

export default function NotificationPanel({ close }: { close: () => void }) {
  const { items, unread, isPending, error, hasMore, fetchMore, markRead, markAllRead } = useNotifications();
  const announce = useAnnounce();
  const told = (done: Promise<void>) => void done.catch((why: unknown) => announce(complaintOf(why).message));
  return (
    <Drawer
      anchor="right"
      open
      onClose={close}
      slotProps={{
        paper: { role: "dialog", "aria-labelledby": "notifications-title", sx: { width: { xs: "100%", sm: 440 } } },
      }}
    >
      <Box
        sx={{
          position: "sticky",
          top: 0,
          zIndex: 1,
          display: "flex",
          alignItems: "center",
          gap: 0.5,
          px: 2,
          py: 1.5,
          bgcolor: "background.paper",
          borderBottom: 1,
          borderColor: "divider",
        }}
      >
        <Typography variant="h2" id="notifications-title" sx={{ flex: 1 }}>
          Notifications
        </Typography>
        <Button size="small" color="inherit" disabled={unread === 0} onClick={() => told(markAllRead())}>
          Mark all as read
        </Button>
        <IconButton component={RouterLink} to="/settings" onClick={close} aria-label="Choose what you are notified of">
          <Settings size={18} aria-hidden />
        </IconButton>
        <IconButton onClick={close} aria-label="Close" autoFocus>
          <X size={18} aria-hidden />
        </IconButton>
      </Box>
      {items.length === 0 && isPending && !error && (
        <Box sx={{ p: 2 }}>
          <Waiting>
            <Bars count={6} height={56} />
          </Waiting>
        </Box>
      )}
      {items.length === 0 && error && <Failed error={error} />}
      {items.length === 0 && !isPending && !hasMore && (
        <Empty title="Nothing to tell you">Assignments, mentions, reminders and messages come here, and stay for 30 days.</Empty>
      )}
      <Box component="ul" aria-label="Notifications" sx={{ m: 0, p: 0, listStyle: "none" }}>
        {items.map((one) => (
          <Line key={one.id} one={one} read={() => told(markRead(one.id))} close={close} />
        ))}
      </Box>
      {hasMore && <More fetchMore={fetchMore} failed={(why) => announce(complaintOf(why).message)} />}
    </Drawer>
  );
}

function Line({ one, read, close }: { one: Entry; read: () => void; close: () => void }) {
  const path = pathOf(one.about);
  return (
    <Box
      component="li"
      sx={{
        display: "flex",
        gap: 1.5,
        px: 2,
        py: 1.5,
        borderBottom: 1,
        borderColor: "divider",
        bgcolor: one.read ? undefined : "raised",
      }}
    >
      <LevelIcon level={one.level} />
      <Box sx={{ flex: 1, minWidth: 0, overflowWrap: "anywhere" }}>
        <Box sx={{ fontWeight: one.read ? 400 : 600 }}>
          {path === undefined ? (
            one.title
          ) : (
            <Link
              component={RouterLink}
              to={path}
              color="textPrimary"
              onClick={() => {
                if (!one.read) read();
                close();
              }}
            >
              {one.title}
            </Link>
          )}
        </Box>
        {one.text && (
          <Typography variant="body2" color="textSecondary" sx={{ whiteSpace: "pre-line" }}>
            {one.text}
          </Typography>
        )}
        <Typography variant="caption" color="textSecondary" component="p">
          {ago(one.updatedAt, Date.now())}
          {one.read ? "" : " · not read yet"}
        </Typography>
      </Box>
      {!one.read && (
        <IconButton onClick={read} aria-label={`Mark as read: ${one.title}`}>
          <Check size={18} aria-hidden />
        </IconButton>
      )}
    </Box>
  );
}
