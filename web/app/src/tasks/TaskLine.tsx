// One task: how far it is, what it says, and what its person may do with it.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import Typography from "@mui/material/Typography";
import { useTasks } from "@openhouse/client/react/tasks";
import { Link as RouterLink } from "@tanstack/react-router";
import { CircleCheck, CircleQuestionMark, CircleSlash, CircleX, LoaderCircle, type LucideIcon, X } from "lucide-react";
import { type CSSProperties, type Ref, Suspense, useState } from "react";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import type { Tone } from "../ui/StatusChip";
import { ToneIcon } from "../ui/ToneIcon";
import { ago, sentence } from "../ui/words";
import { lookOf, titleOf } from "./looks";
import { isOver, type Shown, type Status } from "./tray";

const MARKS: Readonly<Record<Status, readonly [icon: LucideIcon, tone: Tone, word: string]>> = {
  running: [LoaderCircle, "accent", "At work"],
  proposed: [CircleQuestionMark, "amber", "Waits for you"],
  completed: [CircleCheck, "green", "Done"],
  failed: [CircleX, "red", "Failed"],
  cancelled: [CircleSlash, "quiet", "Cancelled"],
};

/** A message that grows, as a description does while it is written, has its page. */
const SHORT = { display: "-webkit-box", WebkitBoxOrient: "vertical", WebkitLineClamp: "2", overflow: "hidden" } as const;

interface Props {
  task: Shown;
  isUndone?: boolean;
  dated?: boolean; // says when it began, or ended
  review: () => void;
  close?: (() => void) | undefined; // where it stands until it is closed
  line?: Ref<HTMLLIElement>;
}

export function TaskLine({ task, isUndone = false, dated = false, review, close, line }: Props) {
  const { cancel, undo } = useTasks();
  const announce = useAnnounce();
  const why = useWhy();
  const [busy, setBusy] = useState(false);
  const look = lookOf(task.kind);
  const title = titleOf(task);
  const [icon, tone, word] = MARKS[task.status];
  const aside = isOver(task) ? look.told(task) : "";

  function does(done: Promise<unknown>): void {
    setBusy(true);
    void done.catch((error: unknown) => announce(why(error))).finally(() => setBusy(false));
  }

  return (
    <Box
      component="li"
      ref={line}
      data-task={task.status}
      sx={{ display: "flex", gap: 1.5, pl: 2, pr: 0.5, py: 1.5, borderTop: 1, borderColor: "divider" }}
    >
      <ToneIcon icon={icon} tone={tone} word={word} />
      <Box sx={{ flex: 1, minWidth: 0, overflowWrap: "anywhere" }}>
        <Box sx={{ display: "flex", gap: 1, pr: 1 }}>
          <Box sx={{ flex: 1, fontWeight: 600 }}>{title}</Box>
          {task.status === "running" && <Box component="span" aria-hidden data-percent>{`${task.percent}%`}</Box>}
        </Box>
        {task.status === "running" && <Bar percent={task.percent} label={title} />}
        <Typography variant="body2" color="textSecondary" sx={isOver(task) ? {} : SHORT}>
          {busy && task.status === "running" ? "Cancelling …" : task.message}
        </Typography>
        {task.problem && (
          <Typography variant="body2" color="textSecondary">
            {sentence(task.problem.detail)}
          </Typography>
        )}
        {dated && (
          <Typography variant="caption" color="textSecondary" component="p">
            {ago(task.endedAt ?? task.startedAt, Date.now())}
            {isUndone ? " · taken back" : ""}
          </Typography>
        )}
        {aside && (
          <Typography variant="caption" color="textSecondary" component="p" data-counts>
            {aside}
          </Typography>
        )}
        {isOver(task) && look.Ended && (
          <Suspense>
            <look.Ended task={task} />
          </Suspense>
        )}
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, mt: 0.5, ml: "-14px", "&:empty": { display: "none" } }}>
          {task.can.includes("confirm") && (
            <Button
              size="small"
              variant="contained"
              disabled={busy}
              sx={{ ml: "14px" }}
              {...(look.page ? { component: RouterLink, to: look.page(task) } : { onClick: review })}
            >
              {look.review}
            </Button>
          )}
          {task.can.includes("cancel") && (
            <Button size="small" color="inherit" disabled={busy} onClick={() => does(cancel(task.id))} aria-label={`${task.status === "proposed" ? "Discard" : "Cancel"}: ${title}`}>
              {task.status === "proposed" ? "Discard" : "Cancel"}
            </Button>
          )}
          {task.can.includes("undo") && !isUndone && (
            <Button
              size="small"
              color="inherit"
              disabled={busy}
              onClick={() => does(undo(task.id).then(close))}
              aria-label={`Undo: ${title}`}
            >
              Undo
            </Button>
          )}
        </Box>
      </Box>
      {isOver(task) && close && (
        <IconButton onClick={close} aria-label={`Close: ${title}`} sx={{ my: -0.75 }}>
          <X size={16} aria-hidden />
        </IconButton>
      )}
    </Box>
  );
}

function Bar({ percent, label }: { percent: number; label: string }) {
  return (
    <Box component="span" className="progress" sx={{ width: 1, my: 0.75, pr: 1.5 }}>
      <span role="progressbar" aria-label={label} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} style={{ "--size": "100%" } as CSSProperties}>
        <span style={{ width: `${percent}%` }} />
      </span>
    </Box>
  );
}
