// What the rows of a file are; then it is sent, and looked at on a page of its own.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useNavigate } from "@tanstack/react-router";
import { type CSSProperties, useEffect, useId, useRef, useState } from "react";
import { useApi } from "../api/context";
import { sizeText } from "../files/file";
import { useLive } from "../live/context";
import { MODULES } from "../modules/modules";
import { useWhy } from "../together/useWhy";
import { useSpoken } from "../ui/Announcer";
import { Bringing, refusalOf } from "./bring";
import type { Offered } from "./offered";

type State = "asked" | "sending" | "checking" | "failed";

export default function ImportDialog({ offered: { file, noun }, close }: { offered: Offered; close: () => void }) {
  const api = useApi();
  const { client } = useLive();
  const navigate = useNavigate();
  const why = useWhy();
  const heading = useId();
  const [chosen, setChosen] = useState(noun ?? "");
  const [state, setState] = useState<State>("asked");
  const [bytes, setBytes] = useState(0);
  const [problem, setProblem] = useState("");
  const [bringing] = useState(() => new Bringing(api, client, file));
  const stop = useRef<AbortController>(undefined);
  const refusal = refusalOf(file);
  const isUnderWay = state === "sending" || state === "checking";
  useSpoken(isUnderWay ? (state === "sending" ? `Sending ${file.name}` : "Looking at the file") : undefined);
  useEffect(() => () => stop.current?.abort(), []);

  async function begin(): Promise<void> {
    stop.current = new AbortController();
    const { signal } = stop.current;
    setState("sending");
    setProblem("");
    try {
      const id = await bringing.begin(chosen, { signal, sent: setBytes, checking: () => setState("checking") });
      close();
      await navigate({ to: `/imports/${id}` });
    } catch (error) {
      if (signal.aborted) return;
      setState("failed");
      setProblem(why(error));
    }
  }

  return (
    <Dialog open onClose={(_event, reason) => (reason === "escapeKeyDown" || !isUnderWay) && close()} fullWidth maxWidth="xs" aria-labelledby={heading}>
      <DialogTitle id={heading} variant="h2">
        Import a file
      </DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 2 }}>
        <Box>
          <Box sx={{ fontWeight: 600, overflowWrap: "anywhere" }}>{file.name}</Box>
          <Typography variant="body2" color="textSecondary">
            {sizeText(file.size)}
          </Typography>
        </Box>
        {refusal && <Alert severity="error">{refusal}</Alert>}
        {problem && <Alert severity="error">{problem}</Alert>}
        {!refusal && !isUnderWay && (
          <TextField select label="Its rows are" value={chosen} onChange={(event) => setChosen(event.target.value)} autoFocus={!noun} sx={{ mt: 1 }}>
            {MODULES.map((each) => (
              <MenuItem key={each.noun} value={each.noun}>
                {each.label}
              </MenuItem>
            ))}
          </TextField>
        )}
        {isUnderWay && (
          <Bar percent={file.size > 0 ? Math.round((bytes / file.size) * 100) : 0}>{state === "checking" ? "Checking" : `${sizeText(Math.round(bytes))} of ${sizeText(file.size)}`}</Bar>
        )}
        {!refusal && !isUnderWay && (
          <Typography variant="body2" color="textSecondary">
            CSV, TSV, Excel (.xlsx) and vCard files of up to 50 MB and 100,000 rows. You see what each column becomes; nothing is written before you
            say so.
          </Typography>
        )}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button color="inherit" onClick={close}>
          {refusal ? "Close" : "Cancel"}
        </Button>
        {!refusal && (
          <Button variant="contained" autoFocus={noun !== undefined} disabled={isUnderWay || chosen === ""} onClick={() => void begin()}>
            {state === "failed" ? "Try again" : "Look at it"}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

function Bar({ percent, children }: { percent: number; children: string }) {
  return (
    <Box className="progress" sx={{ width: 1 }}>
      <Box component="span" role="progressbar" aria-label="Upload" aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} style={{ "--size": "100%" } as CSSProperties} sx={{ flex: 1 }}>
        <span style={{ width: `${percent}%` }} />
      </Box>
      <Box component="span" aria-hidden sx={{ minWidth: 112, textAlign: "right" }}>
        {children}
      </Box>
    </Box>
  );
}
