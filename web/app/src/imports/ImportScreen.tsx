// One import, from what it proposes to what has come of it.

import Button from "@mui/material/Button";
import type { Task } from "@openhouse/client";
import { useTasks } from "@openhouse/client/react/tasks";
import { useParams } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { OneTask, TaskSkeleton } from "../tasks/OneTask";
import { Working } from "../tasks/Working";
import { Page } from "../ui/layout";
import { part } from "../ui/part";
import { chooseFile } from "./offered";
import { proposalOf } from "./proposal";

const ImportResult = part(() => import("./ImportResult"));
const ProposalForm = part(() => import("./ProposalForm"));

export default function ImportScreen() {
  const { id } = useParams({ strict: false });
  const { items } = useTasks();
  const task = items.find((each) => each.id === id && each.kind === "import");
  const name = useFileName(task);
  return (
    <Page title={name ? `Import ${name}` : "Import"} narrow>
      <OneTask task={task} missing="There is no such import" another={<Another />}>
        {(known, undoing) => (
          <Suspense fallback={<TaskSkeleton />}>
            <One task={known} undoing={undoing} />
          </Suspense>
        )}
      </OneTask>
    </Page>
  );
}

/** While it runs its task does not say it. */
function useFileName(task: Task | undefined): string {
  const [known, setKnown] = useState("");
  const name = (task && proposalOf(task)?.file.name) ?? known;
  if (name !== known) setKnown(name);
  return name;
}

function One({ task, undoing }: { task: Task; undoing: Task | undefined }) {
  const proposal = proposalOf(task);
  if (task.status === "running") return <Working task={task} cancelling="Cancel the import" />;
  if (task.status === "proposed") {
    // What is planned anew begins anew.
    return proposal ? <ProposalForm key={task.version} task={task} proposal={proposal} /> : <TaskSkeleton />;
  }
  return <ImportResult task={task} undoing={undoing} another={<Another />} />;
}

function Another() {
  return (
    <Button variant="outlined" onClick={() => chooseFile(undefined)}>
      Import another file
    </Button>
  );
}
