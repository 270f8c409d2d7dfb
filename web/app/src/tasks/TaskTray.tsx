// The long work that somebody has begun, in the corner of every page: how far it is, what it asks, how it ended.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import Typography from "@mui/material/Typography";
import type { Task } from "@openhouse/client/collaboration";
import { useTasks } from "@openhouse/client/react";
import { X } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { usePerson } from "../api/context";
import { useAnnounce, useSpoken } from "../ui/Announcer";
import { Progress } from "../ui/Progress";
import { toneColour, type Tone } from "../ui/StatusChip";
import { words } from "../ui/words";
import { keepPutAway, LINGERS, putAwayOf, shownOf } from "./tray";

const DuplicatesDialog = lazy(() => import("./DuplicatesDialog"));
const PROPOSALS = new Set(["find_duplicates"]); // kinds whose proposal is looked through
const TONES: Record<Task["status"], Tone> = { running: "blue", proposed: "amber", completed: "green", failed: "red", cancelled: "quiet" };
const NOBODY: ReadonlySet<string> = new Set();

export function TaskTray() {
  const { items, confirm, cancel, undo } = useTasks();
  const { id: user } = usePerson();
  const announce = useAnnounce();
  const [putAway, setPutAway] = useState(() => putAwayOf(user));
  const [seen, setSeen] = useState(NOBODY);
  const [gone, setGone] = useState(NOBODY);
  const [open, setOpen] = useState<string>();
  const unseen = items.filter(({ id, status }) => (status === "running" || status === "proposed") && !seen.has(id));
  if (unseen.length > 0) setSeen(new Set([...seen, ...unseen.map(({ id }) => id)]));
  // oxlint-disable-next-line react-hooks-js/purity -- of failures, a day more or less
  const shown = shownOf(items, { seen, putAway, gone }, Date.now());
  const ended = shown.find(({ status }) => status === "completed" || status === "failed");
  useSpoken(ended?.message);
  const attempt = (call: Promise<unknown>): void => void call.catch((error: Error) => announce(error.message));
  const away = (id: string): void => {
    const ids = [...putAway, id];
    setPutAway(ids);
    keepPutAway(user, ids);
  };
  if (shown.length === 0) return null;
  const proposal = items.find(({ id, status }) => id === open && status === "proposed");
  return (
    <Box
      component="section"
      aria-label="Tasks"
      sx={{
        position: { xs: "fixed", md: "static" },
        zIndex: 1240,
        right: 16,
        bottom: 76, // over the bar of a phone
        width: { xs: "calc(100vw - 32px)", sm: 380 },
        display: "grid",
        gap: 1,
      }}
    >
      {shown.map((task) => (
        <Line key={task.id} task={task} over={() => setGone((before) => new Set([...before, task.id]))}>
          {task.can.includes("confirm") &&
            (PROPOSALS.has(task.kind) ? (
              <Button onClick={() => setOpen(task.id)}>Look through</Button>
            ) : (
              <Button onClick={() => attempt(confirm(task.id))}>Go on</Button>
            ))}
          {task.can.includes("undo") && <Button onClick={() => attempt(undo(task.id))}>Undo</Button>}
          {task.can.includes("cancel") && <Button onClick={() => attempt(cancel(task.id))}>Cancel</Button>}
          {task.status !== "running" && (
            <IconButton aria-label={`Put away: ${task.message}`} onClick={() => away(task.id)}>
              <X size={16} aria-hidden />
            </IconButton>
          )}
        </Line>
      ))}
      <Suspense>
        {proposal && (
          <DuplicatesDialog
            task={proposal}
            close={() => setOpen(undefined)}
            merge={(pairs) => {
              setOpen(undefined);
              attempt(confirm(proposal.id, { pairs }));
            }}
          />
        )}
      </Suspense>
    </Box>
  );
}

/** A success goes by itself, but not while somebody points at it or is in it. */
function Line({ task, over, children }: { task: Task; over: () => void; children: React.ReactNode }) {
  const [held, setHeld] = useState(false);
  const ends = task.status === "completed" || task.status === "cancelled";
  useEffect(() => {
    if (!ends || held) return undefined;
    const timer = setTimeout(over, LINGERS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps -- `over` is another each time, and does the same
  }, [ends, held]);
  return (
    <Box
      data-task={task.status}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      sx={{
        pl: 2,
        pr: 1,
        py: 1,
        bgcolor: "background.paper",
        border: 1,
        borderColor: "divider",
        borderLeft: "3px solid",
        borderLeftColor: toneColour(TONES[task.status]),
        borderRadius: "10px",
        boxShadow: 3,
        overflowWrap: "anywhere",
      }}
    >
      <Box sx={{ fontWeight: 600, pt: 0.5 }}>{task.message || words(task.kind)}</Box>
      {task.problem && (
        <Typography variant="body2" color="textSecondary">
          {task.problem.detail}
        </Typography>
      )}
      {task.status === "running" && <Progress done={task.percent} of={100} label={words(task.kind)} width="100%" />}
      <Box sx={{ display: "flex", justifyContent: "flex-end", alignItems: "center", gap: 0.5 }}>{children}</Box>
    </Box>
  );
}
