// Records that a text is about, to be confirmed: a form beside the text, in which each field says where it comes from.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import type { Task } from "@openhouse/client";
import { useMemo } from "react";
import { type Control, useWatch } from "react-hook-form";
import type { Me } from "../contract";
import { useMe } from "../modules/data";
import { FieldInput } from "../modules/FieldInput";
import type { FormValues } from "../modules/formValues";
import type { Column } from "../modules/modules";
import { Unfinished } from "../modules/Unfinished";
import { useTeamField } from "../modules/useTeamField";
import { PageDecision } from "../tasks/Decision";
import { TaskSkeleton } from "../tasks/OneTask";
import { SurroundingsContext } from "../together/surroundings";
import { Card } from "../ui/layout";
import { plural, sentence as asSentence } from "../ui/words";
import { BesideText, EngineNote } from "./BesideText";
import { Pointed } from "./Pointed";
import { RecordCard } from "./RecordCard";
import { answerOf, columnsOf, countOf, faultsOf, fieldPath, firstValues, type FromText, fromTextOf, placesOf } from "./records";
import { quoted } from "./source";
import { useProposalForm } from "./useProposalForm";

export default function RecordsForm({ task }: { task: Task }) {
  const { data: me } = useMe();
  const proposal = fromTextOf(task);
  return me && proposal ? <Form task={task} proposal={proposal} me={me} /> : <TaskSkeleton />;
}

const SEEN_BY = { private: "Me alone", team: "The team", broker: "The whole brokerage" };

function usePlace(proposal: FromText, me: Me): readonly Column[] {
  const team = useTeamField();
  const choices = me.teamIds.length > 0 ? ["team", "private", "broker"] : ["private", "broker"];
  const teams = proposal.needsTeam ? team.map(([name, field]): Column => [name, { ...field, required: true }]) : [];
  return [["visibility", { type: "choice", label: "Seen by", required: true, choices, labels: SEEN_BY }], ...teams];
}

function Form({ task, proposal, me }: { task: Task; proposal: FromText; me: Me }) {
  const place = usePlace(proposal, me);
  const columns = columnsOf(proposal, place);
  const { form, first, busy, problem, send, discard, afresh, leftAt } = useProposalForm(task, columns, () =>
    firstValues(proposal, columns, { visibility: me.teamIds.length > 0 ? "team" : "private" }),
  );
  const { records, warnings, text } = proposal;
  const places = useMemo(() => placesOf(proposal), [proposal]);
  const surroundings = useMemo(() => ({ viewOnly: busy, readers: undefined, hint: hintsOf(proposal) }), [busy, proposal]);

  function confirm(values: FormValues): void {
    const answer = answerOf(proposal, first, values);
    send(answer, (errors) => faultsOf(proposal, answer, errors));
  }

  return (
    <BesideText text={text} places={places} go={(name) => name.startsWith("fields.") && form.setFocus(name)}>
      <Box component="form" noValidate aria-label="Records from the text" onSubmit={(event) => void form.handleSubmit(confirm)(event)} sx={{ display: "grid", gap: 2 }}>
        <EngineNote engine={proposal.engine} />
        <Unfinished at={leftAt} discard={afresh} />
        {warnings.length > 0 && (
          <Alert severity="warning">
            <Box component="ul" aria-label="To be looked at" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 0.5 }}>
              {warnings.map(({ message, words }, number) => (
                // oxlint-disable-next-line react/no-array-index-key -- two may say the same
                <li key={number}>
                  <Pointed name={`warnings.${number}`}>{words ? `${asSentence(message)} ${quoted(words)}` : asSentence(message)}</Pointed>
                </li>
              ))}
            </Box>
          </Alert>
        )}
        <SurroundingsContext value={surroundings}>
          {records.map((record) => (
            <RecordCard key={record.ref} record={record} records={records} control={form.control} />
          ))}
          <Card title="For all of them">
            <Place place={place} control={form.control} />
          </Card>
        </SurroundingsContext>
        <Decision proposal={proposal} control={form.control} busy={busy} problem={problem} discard={discard} />
      </Box>
    </BesideText>
  );
}

/** "“closing August 3” · The text names no year; the one next to today is meant." */
function hintsOf({ records }: FromText): (path: string) => string | undefined {
  const hints = new Map<string, string>();
  for (const record of records) {
    for (const name of record.missing) hints.set(fieldPath(record, name), "The text does not say it.");
    for (const [name, { words, note }] of Object.entries(record.fields)) hints.set(fieldPath(record, name), [quoted(words), note].filter(Boolean).join(" · "));
  }
  return (path) => hints.get(path);
}

function Place({ place, control }: { place: readonly Column[]; control: Control<FormValues> }) {
  const visibility = useWatch({ control, name: "visibility" });
  return (
    <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 220px), 1fr))" }}>
      {place.map(([name, field]) => (name !== "teamId" || visibility === "team") && <FieldInput key={name} name={name} field={field} control={control} />)}
    </Box>
  );
}

interface DecisionProps {
  proposal: FromText;
  control: Control<FormValues>;
  busy: boolean;
  problem: string;
  discard: () => void;
}

/** By itself, as what is typed changes how many there are. */
function Decision({ proposal, control, ...page }: DecisionProps) {
  const count = countOf(proposal, useWatch({ control }) as FormValues);
  return (
    <PageDecision {...page} beside later="/" hint={count === 0 ? "Nothing is left to be created." : "Nothing is written before you create it."}>
      <Button type="submit" variant="contained" disabled={page.busy || count === 0}>
        {count === 0 ? "Create" : `Create ${plural(count, "record")}`}
      </Button>
    </PageDecision>
  );
}
