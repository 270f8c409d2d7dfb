// How an import has ended: the numbers, the rows to look at, and the way back.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import type { Task } from "@openhouse/client";
import { useTasks } from "@openhouse/client/react/tasks";
import { Link as RouterLink } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { moduleOf } from "../modules/modules";
import { useDeciding } from "../tasks/useDeciding";
import { Card } from "../ui/layout";
import { Figures } from "./Figures";
import { importTold, leftOf } from "./result";
import RowsLink from "./RowsLink";

export function ImportResult({ task, undoing, another }: { task: Task; undoing: Task | undefined; another: ReactNode }) {
  const { undo } = useTasks();
  const { busy, problem, decide } = useDeciding();
  const noun = task.result?.["module"];
  const module = typeof noun === "string" ? moduleOf(noun) : undefined;
  const { created = 0, updated = 0, skipped = 0, rejected = 0, warned = 0 } = task.counts;
  const wrote = created + updated;
  return (
    <Box sx={{ display: "grid", gap: 2 }}>
      {problem && <Alert severity="error">{problem}</Alert>}
      <Card>
        <Box sx={{ display: "grid", gap: 2 }}>
          <Box>
            <Typography variant="h2">{headingOf(task)}</Typography>
            {task.problem && <Typography sx={{ mt: 1, overflowWrap: "anywhere" }}>{sentence(task.problem.detail)}</Typography>}
            {task.status !== "completed" && !undoing && (
              <Typography color="textSecondary" sx={{ mt: 1 }}>
                {wrote > 0 ? "What was written before that stays, unless you undo it." : "Nothing was written."}
              </Typography>
            )}
          </Box>
          {(task.status === "completed" || wrote > 0) && (
            <Figures
              figures={[
                ["Created", created, "green"],
                ["Updated", updated, "blue"],
                ["Skipped", skipped, "quiet"],
                ["Rejected", rejected, "red"],
                ["To look at", warned, "amber"],
              ]}
            />
          )}
          <RowsLink task={task} />
          <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
            {module && (
              <Button component={RouterLink} to={`/${module.path}`} variant="contained">
                Go to {module.label.toLowerCase()}
              </Button>
            )}
            {task.can.includes("undo") && !undoing && (
              <Button color="inherit" variant="outlined" disabled={busy} onClick={() => decide(async () => void (await undo(task.id)))}>
                Undo the import
              </Button>
            )}
            {another}
          </Box>
        </Box>
      </Card>
      {undoing && <Undoing task={undoing} />}
    </Box>
  );
}

function headingOf({ status, message }: Task): string {
  if (status === "failed") return "This import has failed";
  return status === "cancelled" ? "This import was cancelled" : message;
}

function Undoing({ task }: { task: Task }) {
  const left = leftOf(task);
  return (
    <Card title={task.status === "running" ? "Taking it back" : "Taken back"}>
      <Box>{task.message}</Box>
      <Typography variant="body2" color="textSecondary">
        {importTold(task)}
      </Typography>
      {left.length > 0 && (
        <Box component="ul" aria-label="Left as they are" sx={{ m: 0, mt: 1, pl: 2.5, overflowWrap: "anywhere" }}>
          {left.map(({ id, name, line, why }) => (
            <li key={id}>{`${name || `Line ${line}`}: ${why}`}</li>
          ))}
        </Box>
      )}
    </Card>
  );
}

/** What the server says begins small, as parts of sentences do. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
