// Another day or time by typing: what dragging does, for keyboards and phones.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { type FormEvent, useState } from "react";
import { type CrmRecord, titleOf } from "../modules/modules";
import { momentAt, zoneName } from "../zones";
import { type Times, timesOf, typedOf, wholeDays } from "./times";
import { APPOINTMENTS, useMove } from "./useMove";

interface Props {
  record: CrmRecord;
  zone: string;
  close: () => void;
}

export default function MoveDialog({ record, zone, close }: Props) {
  const before = timesOf(record);
  const [typed, setTyped] = useState(() => typedOf(before, zone));
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const move = useMove();

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    const after = timesTyped(typed, before, zone);
    if (!after) return setProblem("The end must be after the start.");
    setBusy(true);
    setProblem("");
    try {
      await move(record, after);
      close();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "This did not work.");
      setBusy(false);
    }
  }

  const field = (name: keyof typeof typed, label: string, type: "date" | "time", first = false) => (
    <TextField
      label={label}
      type={type}
      value={typed[name]}
      autoFocus={first}
      required
      onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  );
  return (
    <Dialog open onClose={close} aria-labelledby="move-title" fullWidth maxWidth="xs">
      <form onSubmit={(event) => void save(event)}>
        <DialogTitle id="move-title" variant="h2">
          Move {titleOf(APPOINTMENTS, record)}
        </DialogTitle>
        <DialogContent sx={{ display: "grid", gap: 2 }}>
          <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: before.allDay ? "1fr" : "3fr 2fr", pt: 1 }}>
            {field("day", before.allDay ? "First day" : "Starts on", "date", true)}
            {!before.allDay && field("from", "at", "time")}
            {field("until", before.allDay ? "Last day" : "Ends on", "date")}
            {!before.allDay && field("to", "until", "time")}
          </Box>
          {!before.allDay && (
            <Typography variant="body2" color="textSecondary">
              Times of {zone.replaceAll("_", " ")} ({zoneName(zone, momentAt(`${typed.day}T${typed.from}`, zone))}). Settings have
              another zone.
            </Typography>
          )}
          {problem && <Alert severity="error">{problem}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" disabled={busy} aria-busy={busy}>
            Move
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function timesTyped(typed: ReturnType<typeof typedOf>, before: Times, zone: string): Times | undefined {
  if (before.allDay) {
    return typed.until >= typed.day ? wholeDays(typed.day, typed.until, before.timeZone ?? zone) : undefined;
  }
  const [starts, ends] = [momentAt(`${typed.day}T${typed.from}`, zone), momentAt(`${typed.until}T${typed.to}`, zone)];
  return ends > starts ? { ...before, startsAt: starts.toISOString(), endsAt: ends.toISOString() } : undefined;
}
