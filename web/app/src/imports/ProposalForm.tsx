// What an import would do, before it does anything: each column with what it becomes, what becomes of the rows, and what is to be
// otherwise. What is corrected is planned anew; then it is imported.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import type { Task } from "@openhouse/client";
import { useTasks } from "@openhouse/client/react/tasks";
import { useMemo } from "react";
import { PageDecision } from "../tasks/Decision";
import { useDeciding } from "../tasks/useDeciding";
import { plural } from "../ui/words";
import { ColumnGroup } from "./ColumnGroup";
import { answerOf, clashesOf, type Group, groupOf, isChanged, undecidedWords } from "./corrections";
import { ImportOptions } from "./ImportOptions";
import { Preview } from "./Preview";
import { goText, labelOf, moduleNamed, type Proposal } from "./proposal";
import { useCorrections } from "./useCorrections";

export default function ProposalForm({ task, proposal }: { task: Task; proposal: Proposal }) {
  const { confirm, cancel } = useTasks();
  const { busy, problem, decide } = useDeciding();
  const [corrections, setCorrections] = useCorrections(`${task.id}-${task.version}`);
  const module = moduleNamed(proposal);
  const groups = useMemo(() => proposal.columns.map(groupOf), [proposal]);
  const placesOf = (wanted: Group): readonly number[] => groups.flatMap((each, place) => (each === wanted ? [place] : []));
  const clashes = useMemo(() => clashesOf(proposal, corrections), [proposal, corrections]);
  const changed = isChanged(corrections, proposal);
  const waiting = undecidedWords(proposal, corrections);
  const { create, update } = proposal.counts;
  const written = create + update;
  const group = { proposal, corrections, clashes, disabled: busy, change: setCorrections };

  function send(): void {
    decide(async () => void (await confirm(task.id, changed ? answerOf(corrections, proposal) : undefined)));
  }

  return (
    <Box sx={{ display: "grid", gap: 2 }}>
      <Typography color="textSecondary">
        {`${plural(proposal.rows, "row")} in ${plural(proposal.columns.length, "column")}, as ${module?.label.toLowerCase() ?? proposal.module}. Nothing is written yet.`}
      </Typography>
      {proposal.warnings.map((warning) => (
        <Alert key={warning} severity="warning">
          {warning}
        </Alert>
      ))}
      {proposal.notes.map((note) => (
        <Alert key={note} severity="info">
          {note}
        </Alert>
      ))}
      {proposal.refused && <Alert severity="error">{`This cannot be: ${proposal.refused}.`}</Alert>}
      {proposal.missing.length > 0 && (
        <Alert severity="error">
          {`Nothing fills ${proposal.missing.map((name) => labelOf(module, name)).join(", ")}, which every ${proposal.module} has. Choose the column below, or say what it is in all rows.`}
        </Alert>
      )}
      <Preview proposal={proposal} module={module} isOld={changed} />
      <ColumnGroup title="Please decide" about="What these are, or how they are read, is not sure. Nothing is guessed." places={placesOf("decide")} {...group} />
      <ColumnGroup title="Recognized" places={placesOf("sure")} {...group} />
      <ColumnGroup title="Not imported" about="These have no field. They can be kept as text in the notes." places={placesOf("out")} {...group} />
      <ImportOptions proposal={proposal} module={module} corrections={corrections} disabled={busy} change={setCorrections} />
      <PageDecision
        busy={busy}
        discard={() => decide(async () => void (await cancel(task.id)))}
        later={module ? `/${module.path}` : "/"}
        problem={problem}
        hint={hintOf({ changed, clashes: clashes.size, written, waiting, rows: proposal.rows })}
      >
        {changed ? (
          <Button variant="contained" disabled={busy || clashes.size > 0} onClick={send}>
            Check again
          </Button>
        ) : (
          <Button variant="contained" disabled={busy || written === 0 || proposal.refused !== ""} onClick={send}>
            {module ? goText(proposal, module) : "Import"}
          </Button>
        )}
      </PageDecision>
    </Box>
  );
}

interface Standing {
  changed: boolean;
  clashes: number;
  written: number;
  waiting: number;
  rows: number;
}

function hintOf({ changed, clashes, written, waiting, rows }: Standing): string {
  if (clashes > 0) return "Two columns cannot be the same field: change one of them.";
  if (changed) return "You have changed something: check again to see what becomes of the rows.";
  if (rows === 0) return "There are no rows in this file.";
  if (written === 0) return "There is nothing to import.";
  return waiting > 0 ? `${plural(waiting, "word")} without a decision: the field stays empty there, and the row is listed as one to look at.` : "";
}
