// What a task proposes, over the page, for as long as it does.

import type { Task } from "@openhouse/client";
import { useTasks } from "@openhouse/client/react/tasks";
import { Suspense } from "react";
import { lookOf } from "./looks";

export function Reviewed({ task, close }: { task: Task | undefined; close: () => void }) {
  const { confirm, cancel } = useTasks();
  if (task?.status !== "proposed") return null; // it was decided on, here or on another device
  const { Proposal } = lookOf(task.kind);
  return (
    <Suspense>
      <Proposal
        key={task.id}
        task={task}
        close={close}
        confirm={async (answer) => {
          await confirm(task.id, answer);
          close();
        }}
        discard={async () => {
          await cancel(task.id);
          close();
        }}
      />
    </Suspense>
  );
}
