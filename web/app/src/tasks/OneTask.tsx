// A page about one task, whose address has its id: a reload or another device goes on with it.

import { tasks } from "@openhouse/client/collaboration";
import type { Task } from "@openhouse/client";
import { useTasks } from "@openhouse/client/react/tasks";
import type { ReactNode } from "react";
import { useLive } from "../live/context";
import { Bars, Failed, NothingFound, Waiting } from "../ui/states";
import { undoingOf } from "./tray";

interface Props {
  task: Task | undefined;
  missing: string; // "There is no such import"
  another: ReactNode; // a way to begin one
  children: (task: Task, undoing: Task | undefined) => ReactNode;
}

/** `undoing`: the task that takes it back. */
export function OneTask({ task, missing, another, children }: Props) {
  const { client } = useLive();
  const { items, isPending, error } = useTasks();
  if (task) return children(task, undoingOf(task, items));
  if (isPending) return <TaskSkeleton />;
  if (error) return <Failed error={error} retry={() => void tasks(client).refresh()} />;
  return (
    <NothingFound title={missing} action={another}>
      It may have ended more than a week ago, or be somebody else's.
    </NothingFound>
  );
}

export function TaskSkeleton() {
  return (
    <Waiting>
      <Bars count={6} height={72} />
    </Waiting>
  );
}
