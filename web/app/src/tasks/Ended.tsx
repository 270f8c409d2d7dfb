// How a task has ended, on a page of its own: what came of it, the way back, and what to do next.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import type { Task } from "@openhouse/client";
import { useTasks } from "@openhouse/client/react/tasks";
import type { ReactNode } from "react";
import { Card } from "../ui/layout";
import { sentence } from "../ui/words";
import { useDeciding } from "./useDeciding";

interface Props {
  task: Task;
  called: string; // "import"
  back: string; // what its undoing is called: "Undo the import"
  wrote: boolean; // something, before it failed or was cancelled
  undoing: ReactNode; // what tells of its being taken back, if it is
  actions: ReactNode; // before the way back
  more?: ReactNode; // after it
  children?: ReactNode;
}

export function Ended({ task, called, back, wrote, undoing, actions, more, children }: Props) {
  const { undo } = useTasks();
  const { busy, problem, decide } = useDeciding();
  const canUndo = task.can.includes("undo");
  return (
    <Box sx={{ display: "grid", gap: 2 }}>
      {problem && <Alert severity="error">{problem}</Alert>}
      <Card>
        <Box sx={{ display: "grid", gap: 2 }}>
          <Box>
            <Typography variant="h2">{headingOf(task, called)}</Typography>
            {task.problem && <Typography sx={{ mt: 1, overflowWrap: "anywhere" }}>{sentence(task.problem.detail)}</Typography>}
            {task.status !== "completed" && !undoing && (
              <Typography color="textSecondary" sx={{ mt: 1 }}>
                {wrote ? `What was written before that stays${canUndo ? ", unless you undo it" : ""}.` : "Nothing was written."}
              </Typography>
            )}
          </Box>
          {children}
          <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
            {actions}
            {canUndo && !undoing && (
              <Button color="inherit" variant="outlined" disabled={busy} onClick={() => decide(async () => void (await undo(task.id)))}>
                {back}
              </Button>
            )}
            {more}
          </Box>
        </Box>
      </Card>
      {undoing}
    </Box>
  );
}

function headingOf({ status, message }: Task, called: string): string {
  if (status === "failed") return `This ${called} has failed`;
  return status === "cancelled" ? `This ${called} was cancelled` : message;
}
