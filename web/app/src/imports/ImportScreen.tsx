// One import, from what it proposes to what has come of it. Its address is its task's, so a reload or another device goes on with it.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { collaboration } from "@openhouse/client/collaboration";
import type { Task } from "@openhouse/client";
import { useTasks } from "@openhouse/client/react/tasks";
import { useParams } from "@tanstack/react-router";
import { type CSSProperties, lazy, type ReactNode, Suspense, useState } from "react";
import { useLive } from "../live/context";
import { useDeciding } from "../tasks/useDeciding";
import { Card, Page } from "../ui/layout";
import { Bars, Failed, NothingFound, Waiting } from "../ui/states";
import { chooseFile } from "./offered";
import { ImportResult } from "./ImportResult";
import { proposalOf } from "./proposal";

const ProposalForm = lazy(() => import("./ProposalForm"));

export default function ImportScreen() {
  const { id } = useParams({ strict: false });
  const { client } = useLive();
  const { items, isPending, error } = useTasks();
  const task = items.find((each) => each.id === id && each.kind === "import");
  const name = useFileName(task);
  const title = name ? `Import ${name}` : "Import";

  function content(): ReactNode {
    if (task) return <One task={task} undoing={items.find(({ undoes, status }) => undoes === task.id && (status === "running" || status === "completed"))} />;
    if (isPending) return <Skeleton />;
    if (error) return <Failed error={error} retry={() => void collaboration(client).tasks.refresh()} />;
    return (
      <NothingFound title="There is no such import" action={<Another />}>
        It may have ended more than a week ago, or be somebody else's.
      </NothingFound>
    );
  }

  return (
    <Page title={title} narrow>
      {content()}
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
  if (task.status === "running") return <Going task={task} />;
  if (task.status === "proposed") {
    // What is planned anew begins anew.
    return (
      <Suspense fallback={<Skeleton />}>
        {proposal ? <ProposalForm key={task.version} task={task} proposal={proposal} /> : <Skeleton />}
      </Suspense>
    );
  }
  return <ImportResult task={task} undoing={undoing} another={<Another />} />;
}

function Going({ task }: { task: Task }) {
  const { cancel } = useTasks();
  const { busy, problem, decide } = useDeciding();
  return (
    <Card>
      <Box sx={{ display: "grid", gap: 2 }}>
        {problem && <Alert severity="error">{problem}</Alert>}
        <Box sx={{ fontWeight: 600, overflowWrap: "anywhere" }}>{task.message}</Box>
        <Box className="progress" sx={{ width: 1 }}>
          <span role="progressbar" aria-label={task.message} aria-valuenow={task.percent} aria-valuemin={0} aria-valuemax={100} style={{ "--size": "100%" } as CSSProperties}>
            <span style={{ width: `${task.percent}%` }} />
          </span>
          <span aria-hidden>{`${task.percent}%`}</span>
        </Box>
        <Typography variant="body2" color="textSecondary">
          It goes on when you leave this page, or close it.
        </Typography>
        <Box>
          <Button color="inherit" variant="outlined" disabled={busy} onClick={() => decide(async () => void (await cancel(task.id)))}>
            Cancel the import
          </Button>
        </Box>
      </Box>
    </Card>
  );
}

function Another() {
  return (
    <Button variant="outlined" onClick={() => chooseFile(undefined)}>
      Import another file
    </Button>
  );
}

function Skeleton() {
  return (
    <Waiting>
      <Bars count={6} height={72} />
    </Waiting>
  );
}
