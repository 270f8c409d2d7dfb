// Pairs that look like one person, with the reasons: those that are sure are ticked, of the others somebody decides.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import type { Task } from "@openhouse/client/collaboration";
import { Link as RouterLink } from "@tanstack/react-router";
import { useState } from "react";
import { CheckBox } from "../ui/CheckBox";
import { plural } from "../ui/words";

interface Proposed {
  readonly noun: "client" | "lead";
  readonly keep: string;
  readonly drop: string;
  readonly names: readonly [string, string];
  readonly reasons: readonly string[];
  readonly sure: boolean;
}

interface Props {
  task: Task;
  close: () => void;
  merge: (pairs: { keep: string; drop: string }[]) => void;
}

export default function DuplicatesDialog({ task, close, merge }: Props) {
  const proposal = task.proposal as unknown as { pairs: readonly Proposed[]; complete: boolean };
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(proposal.pairs.filter(({ sure }) => sure).map(({ drop }) => drop)));
  const choose = (drop: string, yes: boolean): void =>
    setChosen((before) => new Set(yes ? [...before, drop] : [...before].filter((each) => each !== drop)));
  return (
    <Dialog open onClose={close} fullWidth maxWidth="sm" aria-labelledby="duplicates">
      <DialogTitle id="duplicates">Duplicates</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 1 }}>
        <Typography color="textSecondary">
          One record of each pair stays and takes what it lacks; the other goes, and what named it names the one that stays.
        </Typography>
        {proposal.pairs.map((pair) => (
          <Box key={pair.drop} sx={{ borderTop: 1, borderColor: "divider", pt: 0.5 }}>
            <CheckBox checked={chosen.has(pair.drop)} change={(yes) => choose(pair.drop, yes)} disabled={false}>
              <span>
                {pair.names[1]} into {pair.names[0]}
              </span>
            </CheckBox>
            <Typography variant="body2" color="textSecondary" sx={{ pl: 3.25 }}>
              {pair.sure ? "Surely one" : "Perhaps one"}: {pair.reasons.join("; ")}. <Away pair={pair} id={pair.keep} text="First" /> <Away pair={pair} id={pair.drop} text="Second" />
            </Typography>
          </Box>
        ))}
        {!proposal.complete && <Typography color="textSecondary">There are more: look again after these.</Typography>}
      </DialogContent>
      <DialogActions>
        <Button onClick={close}>Later</Button>
        <Button
          variant="contained"
          disabled={chosen.size === 0}
          onClick={() => merge(proposal.pairs.filter(({ drop }) => chosen.has(drop)).map(({ keep, drop }) => ({ keep, drop })))}
        >
          Merge {plural(chosen.size, "pair")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Away({ pair, id, text }: { pair: Proposed; id: string; text: string }) {
  return (
    <Link underline="always" component={RouterLink} to={`/${pair.noun}s/${id}`} target="_blank" aria-label={`${text}: ${pair.names[id === pair.keep ? 0 : 1]}`}>
      {text}
    </Link>
  );
}
