// A description that was written from a listing's facts: to be changed, kept, or not.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import type { Task } from "@openhouse/client";
import { useWatch } from "react-hook-form";
import { FieldInput } from "../modules/FieldInput";
import { type FormValues, toForm } from "../modules/formValues";
import { type Column, moduleAt } from "../modules/modules";
import { Unfinished } from "../modules/Unfinished";
import { PageDecision } from "../tasks/Decision";
import { TaskSkeleton } from "../tasks/OneTask";
import { Card } from "../ui/layout";
import { Fact, Facts } from "../ui/Facts";
import { sentence as asSentence } from "../ui/words";
import { EngineNote } from "./BesideText";
import { answerOf, type Described, describedOf, factsOf } from "./description";
import { useProposalForm } from "./useProposalForm";

const LISTINGS = moduleAt("listings");
const COLUMNS: readonly Column[] = [["text", { type: "longText", label: "Description", required: true, maxLength: 10_000 }]];

const ENGINES: Readonly<Record<string, string>> = {
  rules: "written by rules of our own; no language model was asked",
  bedrock: "written by a language model of Amazon Bedrock; each sentence was compared with the listing",
};

export default function DescriptionForm({ task }: { task: Task }) {
  const proposal = describedOf(task);
  return proposal ? <Form task={task} proposal={proposal} /> : <TaskSkeleton />;
}

function Form({ task, proposal }: { task: Task; proposal: Described }) {
  const { form, busy, problem, send, discard, afresh, leftAt } = useProposalForm(task, COLUMNS, () => toForm(COLUMNS, { text: proposal.text }));
  const column = COLUMNS[0];
  const isOwn = useWatch({ control: form.control, name: "text" }) !== proposal.text;

  function confirm(values: FormValues): void {
    send(answerOf(proposal, String(values["text"])), (errors) => [{ path: "text", message: errors.map(({ message }) => asSentence(`${message}.`)).join(" ") }]);
  }

  return (
    <Box component="form" noValidate aria-label="The description" onSubmit={(event) => void form.handleSubmit(confirm)(event)} sx={{ display: "grid", gap: 2 }}>
      <EngineNote engine={proposal.engine} about={ENGINES[proposal.engine]} />
      <Unfinished at={leftAt} discard={afresh} />
      <Card>
        <Box sx={{ display: "grid", gap: 1 }}>
          {column && <FieldInput name={column[0]} field={column[1]} control={form.control} />}
          {isOwn && (
            <Typography variant="body2" color="textSecondary">
              What you have changed is not compared with the listing. Words that fair-housing rules speak against are refused in it, too.
            </Typography>
          )}
        </Box>
      </Card>
      {proposal.refused.length > 0 && (
        <Card title={`Left out (${proposal.refused.length})`} flush>
          <Box component="ul" aria-label="Left out" sx={{ m: 0, p: 0, listStyle: "none" }}>
            {proposal.refused.map(({ sentence, reasons }) => (
              <Box component="li" key={sentence} sx={{ px: 2, py: 1.5, borderTop: 1, borderColor: "divider", overflowWrap: "anywhere" }}>
                <Box>{sentence}</Box>
                <Typography variant="body2" color="textSecondary">
                  {reasons.map((reason) => asSentence(`${reason}.`)).join(" ")}
                </Typography>
              </Box>
            ))}
          </Box>
        </Card>
      )}
      <Card title="What it was written from">
        <Facts>
          {factsOf(proposal).map(({ name: each, label, text }) => (
            <Fact key={each} label={label}>
              {text}
            </Fact>
          ))}
        </Facts>
      </Card>
      <PageDecision busy={busy} problem={problem} discard={discard} later={`/${LISTINGS.path}/${proposal.listing}`} hint="Nothing is saved before you save it.">
        <Button type="submit" variant="contained" disabled={busy}>
          Save description
        </Button>
      </PageDecision>
    </Box>
  );
}
