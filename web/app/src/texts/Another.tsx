import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import type { Task } from "@openhouse/client";
import { Link as RouterLink } from "@tanstack/react-router";
import { useDeciding } from "../tasks/useDeciding";
import { agreementOf, FROM_TEXT } from "./page";
import { useBegin } from "./useBegin";

/** To do the same with another text, or once more. */
export function Another({ task }: { task: Task | undefined }) {
  const begin = useBegin();
  const { busy, problem, decide } = useDeciding();
  const id = task?.about?.id;
  if (task?.kind === "describe_listing" && id) {
    return (
      <>
        <Button variant="outlined" disabled={busy} onClick={() => decide(async () => begin("describe_listing", { listing: id }))}>
          Describe it again
        </Button>
        {problem && <Alert severity="error">{problem}</Alert>}
      </>
    );
  }
  return (
    <Button variant="outlined" component={RouterLink} to={id ? agreementOf(id) : FROM_TEXT}>
      {task?.status === "failed" ? "Try again" : "Read another text"}
    </Button>
  );
}
