import Link from "@mui/material/Link";
import type { Task } from "@openhouse/client";
import { Link as RouterLink } from "@tanstack/react-router";
import { pageOf } from "./page";

/** In the tray: to what has come of it, which has a page of its own. */
export default function ResultLink({ task }: { task: Task }) {
  if (task.undoes !== undefined) return null;
  return (
    <Link component={RouterLink} to={pageOf(task)} variant="body2">
      {task.status === "completed" ? "See what was made of it" : "Look at it"}
    </Link>
  );
}
