// The dates of an agreement, to be confirmed: each with its sentence, beside the text.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import type { Task } from "@openhouse/client";
import { useMemo } from "react";
import { type Control, useWatch } from "react-hook-form";
import { asEscrow, ESCROWS } from "../escrows/escrow";
import { useRecord } from "../modules/data";
import { FieldInput } from "../modules/FieldInput";
import type { FormValues } from "../modules/formValues";
import { Unfinished } from "../modules/Unfinished";
import { PageDecision } from "../tasks/Decision";
import { TaskSkeleton } from "../tasks/OneTask";
import { Card } from "../ui/layout";
import { plural, sentence as asSentence } from "../ui/words";
import { BesideText, EngineNote } from "./BesideText";
import { answerOf, columnsOf, type Dates, DATE_FIELDS, datesOf, faultsOf, firstValues, keptOf, pathOf, placesOf } from "./dates";
import { DateRow, Sentence } from "./DateRow";
import { Pointed } from "./Pointed";
import { useProposalForm } from "./useProposalForm";

export default function DatesForm({ task }: { task: Task }) {
  const proposal = datesOf(task);
  return proposal ? <Form task={task} proposal={proposal} /> : <TaskSkeleton />;
}

function Form({ task, proposal }: { task: Task; proposal: Dates }) {
  const columns = useMemo(() => columnsOf(proposal), [proposal]);
  const { form, busy, problem, send, discard, afresh, leftAt } = useProposalForm(task, columns, () => firstValues(proposal, columns));
  const { data } = useRecord(ESCROWS, proposal.escrow);
  const escrow = data && asEscrow(data);
  const places = useMemo(() => placesOf(proposal), [proposal]);
  const { dates, unresolved, text, notice } = proposal;
  const again = columns.find(([name]) => name === "appointments");

  function confirm(values: FormValues): void {
    const faults = [...faultsOf(proposal, values)];
    for (const [path, message] of faults) form.setError(path, { message }, { shouldFocus: true });
    if (faults.length > 0) return;
    send(answerOf(proposal, values), (errors) =>
      errors.map(({ field, message }) => {
        const path = pathOf(proposal, values, field);
        const label = DATE_FIELDS.find(([name]) => path.endsWith(`.${name}`))?.[1].label;
        return { path, message: asSentence(`${label ? `${label} ` : ""}${message}.`) };
      }),
    );
  }

  return (
    <BesideText text={text} places={places} go={(name) => name.startsWith("dates.") && form.setFocus(name)}>
      <Box component="form" noValidate aria-label="Dates of the agreement" onSubmit={(event) => void form.handleSubmit(confirm)(event)} sx={{ display: "grid", gap: 2 }}>
        <Alert severity="info">{notice}</Alert>
        <EngineNote engine={proposal.engine} />
        <Unfinished at={leftAt} discard={afresh} />
        <Card title={`Dates (${dates.length})`} flush>
          <Box component="ul" aria-label="Dates" sx={{ m: 0, p: 0, listStyle: "none" }}>
            {dates.map((date) => (
              <DateRow key={date.key} date={date} escrow={escrow} control={form.control} />
            ))}
          </Box>
        </Card>
        {unresolved.length > 0 && (
          <Card title={`Not worked out (${unresolved.length})`} flush>
            <Box component="ul" aria-label="Not worked out" sx={{ m: 0, p: 0, listStyle: "none" }}>
              {unresolved.map(({ title, reason, sentence }, number) => (
                // oxlint-disable-next-line react/no-array-index-key -- two may be alike
                <Box component="li" key={number} sx={{ px: 2, py: 1.5, borderTop: 1, borderColor: "divider" }}>
                  <Pointed name={`unresolved.${number}`} sx={{ display: "grid", gap: 0.75 }}>
                    <Box>
                      <Box component="span" sx={{ fontWeight: 600 }}>{`${title}: `}</Box>
                      {reason}
                    </Box>
                    <Sentence sentence={sentence} />
                  </Pointed>
                </Box>
              ))}
            </Box>
          </Card>
        )}
        {again && (
          <Card>
            <FieldInput name={again[0]} field={again[1]} control={form.control} />
          </Card>
        )}
        <Decision proposal={proposal} control={form.control} busy={busy} problem={problem} discard={discard} />
      </Box>
    </BesideText>
  );
}

interface DecisionProps {
  proposal: Dates;
  control: Control<FormValues>;
  busy: boolean;
  problem: string;
  discard: () => void;
}

function Decision({ proposal, control, ...page }: DecisionProps) {
  const count = keptOf(proposal, useWatch({ control }) as FormValues).length;
  return (
    <PageDecision {...page} beside later={`/${ESCROWS.path}/${proposal.escrow}`} hint={count === 0 ? "No date is chosen." : "Nothing is written before you keep it."}>
      <Button type="submit" variant="contained" disabled={page.busy || count === 0}>
        {count === 0 ? "Keep" : `Keep ${plural(count, "date")}`}
      </Button>
    </PageDecision>
  );
}
