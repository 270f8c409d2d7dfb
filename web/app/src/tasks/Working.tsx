// A task that is at work, on a page of its own.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import type { Task } from "@openhouse/client";
import { useTasks } from "@openhouse/client/react/tasks";
import type { CSSProperties, ReactNode } from "react";
import { Card } from "../ui/layout";
import { titleOf } from "./looks";
import { useDeciding } from "./useDeciding";

/** `cancelling`: what its button says. `children`: instead of its message. */
export function Working({ task, cancelling, children }: { task: Task; cancelling: string; children?: ReactNode }) {
  const { cancel } = useTasks();
  const { busy, problem, decide } = useDeciding();
  return (
    <Card>
      <Box sx={{ display: "grid", gap: 2 }}>
        {problem && <Alert severity="error">{problem}</Alert>}
        {children ?? <Box sx={{ fontWeight: 600, overflowWrap: "anywhere" }}>{task.message}</Box>}
        <Box className="progress" sx={{ width: 1 }}>
          <span role="progressbar" aria-label={titleOf(task)} aria-valuenow={task.percent} aria-valuemin={0} aria-valuemax={100} style={{ "--size": "100%" } as CSSProperties}>
            <span style={{ width: `${task.percent}%` }} />
          </span>
          <span aria-hidden>{`${task.percent}%`}</span>
        </Box>
        <Typography variant="body2" color="textSecondary">
          It goes on when you leave this page, or close it.
        </Typography>
        <Box>
          <Button color="inherit" variant="outlined" disabled={busy} onClick={() => decide(async () => void (await cancel(task.id)))}>
            {cancelling}
          </Button>
        </Box>
      </Box>
    </Card>
  );
}
