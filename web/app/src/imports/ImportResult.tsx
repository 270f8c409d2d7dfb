// How an import has ended: the numbers, the rows to look at, and the way back.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import type { Task } from "@openhouse/client";
import { Link as RouterLink } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { moduleOf } from "../modules/modules";
import { Ended } from "../tasks/Ended";
import { Card } from "../ui/layout";
import { Figures } from "./Figures";
import { importTold, leftOf } from "./result";
import RowsLink from "./RowsLink";

export default function ImportResult({ task, undoing, another }: { task: Task; undoing: Task | undefined; another: ReactNode }) {
  const noun = task.result?.["module"];
  const module = typeof noun === "string" ? moduleOf(noun) : undefined;
  const { created = 0, updated = 0, skipped = 0, rejected = 0, warned = 0 } = task.counts;
  const wrote = created + updated > 0;
  const goTo = module && (
    <Button component={RouterLink} to={`/${module.path}`} variant="contained">
      Go to {module.label.toLowerCase()}
    </Button>
  );
  return (
    <Ended task={task} called="import" back="Undo the import" wrote={wrote} undoing={undoing && <Undoing task={undoing} />} actions={goTo} more={another}>
      {(task.status === "completed" || wrote) && (
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
    </Ended>
  );
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
