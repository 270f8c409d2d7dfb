// What waits for the server, in words, with a way to take each back; and what the server did not take, and why.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Drawer from "@mui/material/Drawer";
import IconButton from "@mui/material/IconButton";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { PROVISIONAL, type Write } from "@openhouse/client/offline";
import { Link as RouterLink, useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { moduleOf } from "../modules/modules";
import { refusedText } from "../together/lockWords";
import { useWords } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { ago } from "../ui/words";
import { useLive, useRefusals, useWaiting } from "./context";
import { deedText } from "./deeds";
import { MOST_WAITING } from "./live";
import type { Refusal } from "./refusals";

export default function WaitingDrawer({ close }: { close: () => void }) {
  const { offline, refusals } = useLive();
  const waiting = useWaiting();
  const refused = useRefusals();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const names = useWords();
  const text = (write: Write) => deedText(write, write.id === undefined ? undefined : offline.record(write.noun, write.id));

  function edit(refusal: Refusal): void {
    const to = refusals.reopen(refusal);
    close();
    if (to) void navigate({ to });
  }

  return (
    <Drawer
      anchor="right"
      open
      onClose={close}
      slotProps={{
        paper: { role: "dialog", "aria-labelledby": "waiting-title", sx: { width: { xs: "100%", sm: 440 }, p: 2, gap: 2 } },
      }}
    >
      <Box sx={{ display: "flex", alignItems: "center" }}>
        <Typography variant="h2" id="waiting-title" sx={{ flex: 1 }}>
          Your changes
        </Typography>
        <IconButton onClick={close} aria-label="Close" autoFocus>
          <X size={18} aria-hidden />
        </IconButton>
      </Box>
      {waiting.length >= MOST_WAITING && (
        <Alert severity="warning">{MOST_WAITING} changes wait. No more can be kept until some are sent or taken back.</Alert>
      )}
      {refused.length > 0 && (
        <Part title="Not saved">
          {refused.map((refusal) => (
            <Entry
              key={refusal.key}
              text={text(refusal.write)}
              about={`${ago(new Date(refusal.at).toISOString(), Date.now())}: ${refusal.held ? refusedText(refusal.held, names) : refusal.why}`}
            >
              {refusal.form ? (
                <Button size="small" variant="outlined" onClick={() => edit(refusal)}>
                  Edit again
                </Button>
              ) : (
                <OpenRecord write={refusal.write} close={close} />
              )}
              <Button size="small" color="inherit" onClick={() => refusals.dismiss(refusal.key)}>
                Dismiss
              </Button>
            </Entry>
          ))}
        </Part>
      )}
      {waiting.length > 0 && (
        <Part title="Waiting, in this order">
          {waiting.map((write) => (
            <Entry
              key={write.key}
              text={text(write)}
              about={`${ago(new Date(write.at).toISOString(), Date.now())}${write.sentAt === undefined ? "" : ", tried already"}`}
            >
              <Button
                size="small"
                color="inherit"
                onClick={() => {
                  if (!offline.withdraw(write.key)) announce("This one is on its way already.");
                }}
              >
                Take back
              </Button>
            </Entry>
          ))}
        </Part>
      )}
      {waiting.length + refused.length === 0 && <Typography color="textSecondary">All that you have changed is saved.</Typography>}
    </Drawer>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Typography variant="h3" sx={{ mb: 0.5 }}>
        {title}
      </Typography>
      <Box component="ul" aria-label={title} sx={{ m: 0, p: 0, listStyle: "none" }}>
        {children}
      </Box>
    </section>
  );
}

function Entry({ text, about, children }: { text: string; about: string; children: ReactNode }) {
  return (
    <Box
      component="li"
      sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1, py: 1, borderTop: 1, borderColor: "divider" }}
    >
      <Box sx={{ flex: "1 1 220px", minWidth: 0, overflowWrap: "anywhere" }}>
        <Typography>{text}</Typography>
        <Typography variant="caption" color="textSecondary">
          {about}
        </Typography>
      </Box>
      {children}
    </Box>
  );
}

function OpenRecord({ write: { noun, id }, close }: { write: Write; close: () => void }) {
  const module = moduleOf(noun);
  if (!module || id === undefined || id.startsWith(PROVISIONAL)) return null;
  return (
    <Link component={RouterLink} to={`/${module.path}/${id}`} onClick={close} variant="body2">
      Open
    </Link>
  );
}
