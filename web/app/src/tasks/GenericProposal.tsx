// What a task of whatever kind proposes: what it says, in so far as it is plain, and whether to go on.

import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import { useId } from "react";
import { Fact, Facts } from "../ui/Facts";
import { words } from "../ui/words";
import { DialogDecision } from "./Decision";
import { type ProposalProps, titleOf } from "./looks";
import { useDeciding } from "./useDeciding";

export default function GenericProposal({ task, confirm, discard, close }: ProposalProps) {
  const heading = useId();
  const { busy, problem, decide } = useDeciding();
  const facts = Object.entries({ ...task.counts, ...task.proposal }).filter(([, value]) => typeof value === "number" || typeof value === "string");
  return (
    <Dialog open onClose={close} fullWidth maxWidth="xs" aria-labelledby={heading}>
      <DialogTitle id={heading} variant="h2">
        {titleOf(task)}
      </DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 2 }}>
        {problem && <Alert severity="error">{problem}</Alert>}
        <p>{task.message}</p>
        <Facts>
          {facts.map(([name, value]) => (
            <Fact key={name} label={words(name)}>
              {String(value)}
            </Fact>
          ))}
        </Facts>
      </DialogContent>
      <DialogDecision busy={busy} discard={() => decide(discard)} close={close}>
        <Button variant="contained" disabled={busy} autoFocus onClick={() => decide(async () => confirm())}>
          Go on
        </Button>
      </DialogDecision>
    </Dialog>
  );
}
