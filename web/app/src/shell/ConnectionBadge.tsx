// How the connection is, in the design that the person has chosen; and a way on where it does not mend itself.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { CloudOff, RefreshCw, TriangleAlert, Wifi } from "lucide-react";
import { useId, useState } from "react";
import { useConnectionState, useLive } from "../live/context";
import { badgeText, countdown, detail, toneOf } from "../live/connectionWords";
import { Dot, toneColour } from "../ui/StatusChip";
import { useNow } from "../ui/useNow";
import { useBadgeDesign } from "./preferences";

const ICONS = { connected: Wifi, connecting: RefreshCw, reconnecting: RefreshCw, disconnected: CloudOff, error: TriangleAlert };

export function ConnectionBadge() {
  const { client } = useLive();
  const state = useConnectionState();
  const [design] = useBadgeDesign();
  const [asked, setAsked] = useState(false);
  const tip = useId();
  const now = useNow(asked || state.retryAt !== undefined);
  const [tone, text, next] = [toneOf(state), badgeText(state, design), countdown(state, now)];
  const Icon = ICONS[state.status];
  return (
    <Box
      sx={{ position: "relative", display: "flex", alignItems: "center", gap: 1 }}
      onPointerEnter={() => setAsked(true)}
      onPointerLeave={() => setAsked(false)}
    >
      <Box
        component="button"
        type="button"
        data-connection={state.status}
        aria-describedby={asked ? tip : undefined}
        onFocus={() => setAsked(true)}
        onBlur={() => setAsked(false)}
        onClick={() => setAsked(true)}
        onKeyDown={(event) => {
          if (event.key === "Escape") setAsked(false);
        }}
        sx={{
          display: "inline-flex",
          alignItems: "center",
          gap: 1,
          minHeight: 28,
          px: 0.75,
          border: 0,
          bgcolor: "transparent",
          borderRadius: "6px",
          typography: "body2",
          fontWeight: 500,
          whiteSpace: "nowrap",
          color: toneColour(tone),
        }}
      >
        {design === "icon" ? <Icon size={18} aria-hidden /> : <Dot tone={tone} size={8} />}
        {/* A screen reader hears of another state, and not of each second. */}
        <Box component="span" role="status" sx={design === "icon" ? HIDDEN : undefined}>
          {text}
        </Box>
        {next && design !== "icon" && (
          <Box component="span" aria-hidden sx={{ color: "text.secondary", display: { xs: "none", sm: "inline" } }}>
            {next}
          </Box>
        )}
      </Box>
      {asked && (
        <Box
          role="tooltip"
          id={tip}
          sx={{
            position: "absolute",
            top: "100%",
            right: 0,
            width: "max-content",
            maxWidth: 260,
            px: 1.5,
            py: 1,
            bgcolor: "background.paper",
            border: 1,
            borderColor: "divider",
            borderRadius: "6px",
            boxShadow: 3,
            typography: "body2",
          }}
        >
          {detail(state, now, client.lastSyncAt)}
        </Box>
      )}
      {state.status === "error" && (
        <Button size="small" variant="outlined" onClick={() => client.retry()} sx={{ minHeight: 28, py: 0.25 }}>
          Retry
        </Button>
      )}
    </Box>
  );
}

const HIDDEN = { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" } as const;
