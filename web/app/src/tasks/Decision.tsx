// What every proposal is decided by, in a dialog and on a page: discarded, left for later, or gone on with.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import DialogActions from "@mui/material/DialogActions";
import { Link as RouterLink } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../ui/layout";

interface Buttons {
  busy: boolean;
  discard: () => void;
  children: ReactNode; // what goes on, at the right
}

function DiscardButton({ busy, discard }: Omit<Buttons, "children">) {
  return (
    <Button color="inherit" disabled={busy} onClick={discard} sx={{ mr: "auto" }}>
      Discard
    </Button>
  );
}

export function DialogDecision({ busy, discard, close, children }: Buttons & { close: () => void }) {
  return (
    <DialogActions sx={{ flexWrap: "wrap", gap: 1, px: { xs: 2, sm: 3 }, pb: 2, "& > :not(style) ~ :not(style)": { ml: 0 } }}>
      <DiscardButton busy={busy} discard={discard} />
      <Button color="inherit" onClick={close}>
        Not now
      </Button>
      {children}
    </DialogActions>
  );
}

interface PageProps extends Buttons {
  later: string; // where "Not now" leads
  problem: string;
  hint?: ReactNode;
  beside?: boolean; // of something else where there is room, so that the tray is not under it
}

/** At the end of a page that is longer than the window, and always in it where there is room. */
export function PageDecision({ busy, discard, later, problem, hint, beside = false, children }: PageProps) {
  return (
    <Card sx={{ position: { md: "sticky" }, bottom: { md: "calc(16px + var(--tray, 0px))", ...(beside && { lg: 16 }) }, zIndex: 5 }}>
      <Box sx={{ display: "grid", gap: 1.5 }}>
        {problem && <Alert severity="error">{problem}</Alert>}
        <Box role="status" sx={{ color: "text.secondary", "&:empty": { display: "none" } }}>
          {hint}
        </Box>
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
          <DiscardButton busy={busy} discard={discard} />
          <Button color="inherit" component={RouterLink} to={later}>
            Not now
          </Button>
          {children}
        </Box>
      </Box>
    </Card>
  );
}
