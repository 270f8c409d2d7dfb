// One task that reads or writes texts, from its beginning to what has come of it. Its address is its own, so a reload or another
// device goes on with it.

import Box from "@mui/material/Box";
import type { Task } from "@openhouse/client";
import { useTasks } from "@openhouse/client/react/tasks";
import { useParams } from "@tanstack/react-router";
import { type ComponentType, type ReactNode, Suspense, useEffect } from "react";
import { usePerson } from "../api/context";
import { dropDraft } from "../live/drafts";
import { BackTo } from "../modules/BackTo";
import { useRecord } from "../modules/data";
import { type Module, moduleOf, titleOf } from "../modules/modules";
import { OneTask, TaskSkeleton } from "../tasks/OneTask";
import { Working } from "../tasks/Working";
import { Page } from "../ui/layout";
import { part } from "../ui/part";
import { Another } from "./Another";
import { agreementOf, FROM_TEXT, writtenSoFar } from "./page";

const TextResult = part(() => import("./TextResult"));

interface Shown {
  readonly title: string;
  readonly Form: ComponentType<{ task: Task }>;
}

const KINDS: Readonly<Record<string, Shown>> = {
  create_from_text: { title: "Records from a text", Form: part(() => import("./RecordsForm")) },
  escrow_timeline: { title: "Timeline from agreement", Form: part(() => import("./DatesForm")) },
  describe_listing: { title: "Description of a listing", Form: part(() => import("./DescriptionForm")) },
};

export default function TaskScreen() {
  const { id } = useParams({ strict: false });
  const { items } = useTasks();
  const task = items.find((each) => each.id === id && each.kind in KINDS && each.undoes === undefined);
  usePastedIsRead(task);
  const isBeside = task?.status === "proposed" && task.kind !== "describe_listing"; // a text
  return (
    <Page title={(task && KINDS[task.kind]?.title) ?? "Task"} above={task && <Above task={task} />} narrow={!isBeside}>
      <OneTask task={task} missing="There is no such task" another={<Another task={task} />}>
        {(known, undoing) => (
          <Suspense fallback={<TaskSkeleton />}>
            <One task={known} undoing={undoing} />
          </Suspense>
        )}
      </OneTask>
    </Page>
  );
}

/** What was pasted is kept where that was done, for whoever has to try again. */
function usePastedIsRead(task: Task | undefined): void {
  const { id: user } = usePerson();
  const isRead = task?.status === "proposed" || task?.status === "completed";
  const place = task?.kind === "create_from_text" ? FROM_TEXT : task?.about?.noun === "escrow" ? agreementOf(task.about.id) : undefined;
  useEffect(() => {
    if (isRead && place) dropDraft(user, place);
  }, [isRead, place, user]);
}

function Above({ task: { about } }: { task: Task }) {
  const module = about && moduleOf(about.noun);
  return module ? <BackToRecord module={module} id={about.id} /> : <BackTo to="/">Home</BackTo>;
}

function BackToRecord({ module, id }: { module: Module; id: string }) {
  const { data } = useRecord(module, id);
  return <BackTo to={`/${module.path}/${id}`}>{data ? titleOf(module, data) : `The ${module.noun}`}</BackTo>;
}

function One({ task, undoing }: { task: Task; undoing: Task | undefined }): ReactNode {
  if (task.status === "running") return <AtWork task={task} />;
  if (task.status !== "proposed") return <TextResult task={task} undoing={undoing} />;
  const Form = KINDS[task.kind]?.Form;
  return Form && task.proposal ? <Form key={task.id} task={task} /> : <TaskSkeleton />; // one that is too large for an event is asked for
}

function AtWork({ task }: { task: Task }) {
  const written = task.kind === "describe_listing" ? writtenSoFar(task) : "";
  return (
    <Working task={task} cancelling="Cancel">
      {written && (
        <Box data-written sx={{ overflowWrap: "anywhere", minHeight: 120 }}>
          {written}
        </Box>
      )}
    </Working>
  );
}
