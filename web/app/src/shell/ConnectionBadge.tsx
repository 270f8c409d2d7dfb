// How the connection is, in the design that the person has chosen, and who is there; and a way on where it does not mend
// itself.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { CloudOff, RefreshCw, TriangleAlert, Wifi } from "lucide-react";
import { Suspense, useId, useRef, useState } from "react";
import { useConnectionState, useLive } from "../live/context";
import { badgeText, countdown, detail, onlineText, toneOf } from "../live/connectionWords";
import { usePresences } from "../people/usePresences";
import { HIDDEN } from "../ui/hidden";
import { Dot, toneColour } from "../ui/StatusChip";
import { part } from "../ui/part";
import { useNow } from "../ui/useNow";
import { useBadgeDesign } from "./preferences";

const CUT = { overflow: "hidden", textOverflow: "ellipsis" } as const; // where there is little room
const ON_PHONES = { "@media (max-width: 599.95px)": HIDDEN } as const;

const RosterPopover = part(() => import("../people/RosterPopover"));

const ICONS = { connected: Wifi, connecting: RefreshCw, reconnecting: RefreshCw, disconnected: CloudOff, error: TriangleAlert };

export function ConnectionBadge() {
  const { client } = useLive();
  const state = useConnectionState();
  const [design] = useBadgeDesign();
  const [asked, setAsked] = useState(false);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const tip = useId();
  const { online } = usePresences();
  const now = useNow(asked || open || state.retryAt !== undefined);
  const [tone, text, next] = [toneOf(state), badgeText(state, design), countdown(state, now)];
  const people = onlineText(state, design, online);
  const about = detail(state, now, client.lastSyncAt, online);
  const isTold = asked && !open;
  const Icon = ICONS[state.status];
  return (
    <Box
      sx={{ position: "relative", display: "flex", alignItems: "center", gap: 1, minWidth: 0 }}
      onPointerEnter={() => setAsked(true)}
      onPointerLeave={() => setAsked(false)}
    >
      <Box
        component="button"
        type="button"
        ref={button}
        data-connection={state.status}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-describedby={isTold ? tip : undefined}
        onFocus={({ currentTarget }) => setAsked(currentTarget.matches(":focus-visible"))}
        onBlur={() => setAsked(false)}
        onClick={() => setOpen(true)}
        onKeyDown={(event) => {
          if (event.key === "Escape") setAsked(false);
        }}
        sx={{
          display: "inline-flex",
          alignItems: "center",
          gap: 1,
          minWidth: 0,
          minHeight: 28,
          px: 0.75,
          border: 0,
          bgcolor: "transparent",
          borderRadius: "6px",
          typography: "body2",
          fontWeight: 500,
          whiteSpace: "nowrap",
          color: toneColour(tone),
          cursor: "pointer",
          "&:hover": { bgcolor: "raised" },
        }}
      >
        {design === "icon" ? <Icon size={18} aria-hidden /> : <Dot tone={tone} size={8} />}
        <Box component="span" sx={CUT}>
          <Box component="span" sx={design === "icon" ? HIDDEN : people ? ON_PHONES : undefined}>
            {text}
          </Box>
          {people && (
            <Box component="span" sx={{ display: { xs: "none", sm: "inline" } }}>
              {" · "}
            </Box>
          )}
          {people}
        </Box>
        {next && design !== "icon" && (
          <Box component="span" aria-hidden sx={{ color: "text.secondary", display: { xs: "none", sm: "inline" } }}>
            {next}
          </Box>
        )}
      </Box>
      {/* A screen reader hears of another state, and not of each second, nor of who comes and goes. */}
      <Box role="status" sx={HIDDEN}>
        {text}
      </Box>
      {isTold && (
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
          {about}
        </Box>
      )}
      {state.status === "error" && (
        <Button size="small" variant="outlined" onClick={() => client.retry()} sx={{ minHeight: 28, py: 0.25 }}>
          Retry
        </Button>
      )}
      <Suspense>{open && <RosterPopover anchor={() => button.current} about={about} close={() => setOpen(false)} />}</Suspense>
    </Box>
  );
}
