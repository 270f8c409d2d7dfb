// Pairs of clients, or leads, that look like one person: side by side, with why, which one is kept, and which pairs are merged.

import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Typography from "@mui/material/Typography";
import { useId, useMemo, useState } from "react";
import { plural } from "../../ui/words";
import { DialogDecision } from "../Decision";
import type { ProposalProps } from "../looks";
import { useDeciding } from "../useDeciding";
import { PairCard } from "./PairCard";
import { type Choice, clashOf, firstChoices, keyOf, mergeOf, mergesOf, pairsOf } from "./pairs";

export default function DuplicatesDialog({ task, confirm, discard, close }: ProposalProps) {
  const heading = useId();
  const { busy, problem, decide } = useDeciding();
  const pairs = useMemo(() => pairsOf(task.proposal), [task.proposal]);
  const [choices, setChoices] = useState(() => firstChoices(pairs));
  const merges = mergesOf(pairs, choices);
  const clash = merges.some((merge) => clashOf(merge, merges) !== undefined);
  const sure = pairs.filter(({ sure: isSure }) => isSure).length;

  function choose(key: string, change: Partial<Choice>): void {
    setChoices((before) => new Map(before).set(key, { merged: false, turned: false, ...before.get(key), ...change }));
  }

  return (
    <Dialog
      open
      onClose={close}
      fullWidth
      maxWidth="md"
      aria-labelledby={heading}
      slotProps={{ paper: { sx: { m: { xs: 1, sm: 4 }, width: { xs: "calc(100% - 16px)", sm: "calc(100% - 64px)" }, maxHeight: { xs: "calc(100% - 16px)", sm: "calc(100% - 64px)" } } } }}
    >
      <DialogTitle id={heading} variant="h2" sx={{ px: { xs: 2, sm: 3 } }}>
        {pairs.length === 1 ? "Two records that look like one person" : `${pairs.length} pairs that look like one person`}
      </DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 2, px: { xs: 2, sm: 3 } }}>
        {problem && <Alert severity="error">{problem}</Alert>}
        <Typography color="textSecondary">
          What is kept takes what it lacks from the other; escrows, appointments and whatever else names the other name it then. The other one is
          deleted. All of this can be undone.
          {sure < pairs.length && " Those that are not sure are left as they are, unless you choose them."}
        </Typography>
        {task.proposal?.["complete"] === false && <Alert severity="info">There may be more pairs: look again when these are done.</Alert>}
        {pairs.map((pair, at) => {
          const key = keyOf(pair);
          const { merged, turned } = choices.get(key) ?? { merged: false, turned: false };
          return (
            <PairCard
              key={key}
              pair={pair}
              number={at + 1}
              merged={merged}
              turned={turned}
              clash={merged ? clashOf(mergeOf(pair, turned), merges) : undefined}
              disabled={busy}
              change={(change) => choose(key, change)}
            />
          );
        })}
      </DialogContent>
      <DialogDecision busy={busy} discard={() => decide(discard)} close={close}>
        <Button
          variant="contained"
          disabled={busy || clash || merges.length === 0}
          onClick={() => decide(async () => confirm({ pairs: merges }))}
        >
          {merges.length === 0 ? "Merge" : `Merge ${plural(merges.length, "pair")}`}
        </Button>
      </DialogDecision>
    </Dialog>
  );
}

