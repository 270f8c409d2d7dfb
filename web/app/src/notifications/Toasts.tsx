// What has just come, over the page for a while; and, for who wants them, the browser's own notifications while nobody is
// at the page.

import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { collaboration, type Notification as Told } from "@openhouse/client/collaboration";
import { useNotifications } from "@openhouse/client/react";
import { Link as RouterLink, useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useLive } from "../live/context";
import { toneColour } from "../ui/StatusChip";
import { onWorkerClick, permission, showNotice } from "./browserNotices";
import { LevelIcon } from "./LevelIcon";
import { LEVELS, pathOf } from "./looks";
import { LASTS, unreadToasts, withoutToast, withToast } from "./toasts";

const NONE: readonly Told[] = [];

/** `quiet`: the list is open, where all of them are. */
export function Toasts({ quiet }: { quiet: boolean }) {
  const { client } = useLive();
  const { items, markRead } = useNotifications();
  const [shown, setShown] = useState(NONE);
  useBrowserNotices(items);
  useEffect(
    () =>
      collaboration(client).notifications.onNews(({ notification }) => {
        if (notification.kind === "task_failed") return; // the tray says so, until it is closed
        if (document.visibilityState === "visible") setShown((before) => withToast(before, notification));
      }),
    [client],
  );
  const unread = quiet ? NONE : unreadToasts(shown, items);
  if (unread !== shown) setShown(unread); // none of them comes back
  const drop = (id: string) => setShown((before) => withoutToast(before, id));
  return (
    <Box
      role="status"
      aria-live="polite"
      aria-relevant="additions"
      aria-label="What has just come"
      sx={{
        position: "fixed",
        zIndex: 1250, // over drawers, below dialogs
        right: 16,
        bottom: { md: "calc(16px + var(--tray, 0px))" },
        top: { xs: 64, md: "auto" },
        width: { xs: "calc(100vw - 32px)", sm: 380 },
        display: "grid",
        gap: 1,
        "& > :not(:last-child)": { display: { xs: "none", sm: "flex" } }, // a phone has room for one
      }}
    >
      {unread.map((one) => (
        <Toast
          key={one.id}
          one={one}
          drop={() => drop(one.id)}
          read={() => {
            drop(one.id);
            void markRead(one.id).catch(() => undefined); // it stays unread in the list
          }}
        />
      ))}
    </Box>
  );
}

/** It goes by itself, but not while somebody points at it or is in it. */
function Toast({ one, drop, read }: { one: Told; drop: () => void; read: () => void }) {
  const [held, setHeld] = useState(false);
  const path = pathOf(one.about);
  const end = useRef(drop);
  useEffect(() => {
    end.current = drop;
  });
  useEffect(() => {
    const lasts = LASTS[one.level];
    if (held || lasts === Infinity) return undefined;
    const timer = setTimeout(() => end.current(), lasts);
    return () => clearTimeout(timer);
  }, [held, one.level]);
  return (
    <Box
      data-toast={one.level}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      sx={{
        display: "flex",
        gap: 1.5,
        pl: 2,
        pr: 0.5,
        py: 1,
        bgcolor: "background.paper",
        border: 1,
        borderColor: "divider",
        borderLeft: "3px solid",
        borderLeftColor: toneColour(LEVELS[one.level].tone),
        borderRadius: "10px",
        boxShadow: 3,
      }}
    >
      <Box sx={{ pt: 0.75 }}>
        <LevelIcon level={one.level} />
      </Box>
      <Box sx={{ flex: 1, minWidth: 0, py: 0.75, overflowWrap: "anywhere" }}>
        <Box sx={{ fontWeight: 600 }}>
          {path === undefined ? (
            one.title
          ) : (
            <Link component={RouterLink} to={path} color="textPrimary" onClick={read}>
              {one.title}
            </Link>
          )}
        </Box>
        {one.text && (
          <Typography
            variant="body2"
            color="textSecondary"
            sx={{ display: "-webkit-box", WebkitLineClamp: 3, WebkitBoxOrient: "vertical", overflow: "hidden" }}
          >
            {one.text}
          </Typography>
        )}
      </Box>
      <IconButton onClick={read} aria-label={`Mark as read and close: ${one.title}`}>
        <X size={16} aria-hidden />
      </IconButton>
    </Box>
  );
}

/** By the tab that has the socket: one for all of them. */
function useBrowserNotices(items: readonly { readonly id: string; readonly read: boolean }[]): void {
  const { client } = useLive();
  const navigate = useNavigate();
  const open = useRef(new Map<string, () => void>());
  useEffect(() => {
    const go = (path: string): void => void navigate({ to: path });
    const { notifications, attendance } = collaboration(client);
    const stops = [
      onWorkerClick(go),
      notifications.onNews(({ notification: { id, title, text, about }, channels }) => {
        if (!channels.browser || permission() !== "granted" || !attendance.leads || attendance.active) return;
        open.current.set(id, showNotice({ id, title, text, path: pathOf(about) ?? "/" }, go));
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, navigate]);
  useEffect(() => {
    for (const { id, read } of items) {
      if (!read) continue;
      open.current.get(id)?.();
      open.current.delete(id);
    }
  }, [items]);
}
