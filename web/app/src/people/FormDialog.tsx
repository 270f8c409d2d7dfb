import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { complaintOf } from "../api/complaint";

interface Props {
  title: string;
  submit: string;
  danger?: boolean;
  close: () => void;
  save: () => Promise<unknown>; // closes when it is done
  children: ReactNode;
}

/** A few fields and one thing to do with them. What the server says against it stands in it, and nothing typed is lost. */
export function FormDialog({ title, submit, danger = false, close, save, children }: Props) {
  const id = useId();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      await save();
      close();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  }

  return (
    <Dialog open onClose={close} aria-labelledby={id} fullWidth maxWidth="xs">
      <form onSubmit={(event) => void send(event)}>
        <DialogTitle id={id} variant="h2">
          {title}
        </DialogTitle>
        <DialogContent sx={{ display: "grid", gap: 2 }}>
          {children}
          {problem && <Alert severity="error">{problem}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" color={danger ? "error" : "primary"} disabled={busy} aria-busy={busy}>
            {submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function sentenceOf(error: unknown): string {
  const { message, errors } = complaintOf(error);
  return errors.length > 0 ? errors.map((each) => `${each.field}: ${each.message}.`).join(" ") : message;
}
