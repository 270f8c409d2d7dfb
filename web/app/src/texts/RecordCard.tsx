// One record that the text is about: whether it is made, or is one that is there already, and each of its fields.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import { Link as RouterLink } from "@tanstack/react-router";
import { memo, useState } from "react";
import { type Control, useController, useWatch } from "react-hook-form";
import { FieldInput } from "../modules/FieldInput";
import type { FormValues } from "../modules/formValues";
import { moduleOf } from "../modules/modules";
import { CheckBox } from "../ui/CheckBox";
import { Card } from "../ui/layout";
import { plural, words } from "../ui/words";
import { Pointed } from "./Pointed";
import { fieldPath, fieldsOf, isAtHand, linksOf, nameOf, NEW, type Proposed, useField } from "./records";

interface Props {
  record: Proposed;
  records: readonly Proposed[];
  control: Control<FormValues>;
}

export const RecordCard = memo(function RecordCard({ record, records, control }: Props) {
  const { ref, noun } = record;
  const isTaken = useWatch({ control, name: `take.${ref}` }) === true;
  const use = useWatch({ control, name: `use.${ref}` });
  const isNew = use === NEW;
  return (
    <Card title={`${words(noun)}: ${nameOf(record)}`} action={<Tick control={control} name={`take.${ref}`} label={`Include the ${noun} ${nameOf(record)}`} text="Include" />}>
      {isTaken ? (
        <Box sx={{ display: "grid", gap: 2 }}>
          {record.alike.length > 0 && <Same record={record} control={control} use={typeof use === "string" ? use : NEW} />}
          {isNew && <Fields record={record} control={control} />}
          {isNew && <Links record={record} records={records} control={control} />}
        </Box>
      ) : (
        <Box sx={{ color: "text.secondary" }}>It is left out.</Box>
      )}
    </Card>
  );
});

function Tick({ control, name, label, text }: { control: Control<FormValues>; name: string; label: string; text: string }) {
  const { field } = useController({ control, name });
  return (
    <CheckBox checked={field.value === true} disabled={false} label={label} change={field.onChange}>
      {text}
    </CheckBox>
  );
}

/** A record that is there already may be meant. */
function Same({ record, control, use }: { record: Proposed; control: Control<FormValues>; use: string }) {
  const module = moduleOf(record.noun);
  return (
    <Box sx={{ display: "grid", gap: 0.5 }}>
      <FieldInput name={`use.${record.ref}`} field={useField(record)} control={control} />
      {module && use !== NEW && (
        <Box sx={{ typography: "body2", color: "text.secondary" }}>
          Nothing is changed in it; the others are linked to it.{" "}
          <Link component={RouterLink} to={`/${module.path}/${use}`} target="_blank">
            Open in a new tab
          </Link>
        </Box>
      )}
    </Box>
  );
}

function Fields({ record, control }: { record: Proposed; control: Control<FormValues> }) {
  const [isWhole, setWhole] = useState(false);
  const all = fieldsOf(record);
  const shown = isWhole ? all : all.filter(([name]) => isAtHand(record, name));
  const more = `Show ${plural(all.length - shown.length, "field")} that the text says nothing of`;
  return (
    <>
      <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 220px), 1fr))", alignItems: "start" }}>
        {shown.map(([name, field]) => (
          <Pointed key={name} name={fieldPath(record, name)} sx={field.type === "longText" || field.type === "tags" ? { gridColumn: "1 / -1" } : {}}>
            <FieldInput name={fieldPath(record, name)} field={field} control={control} />
          </Pointed>
        ))}
      </Box>
      {!isWhole && shown.length < all.length && (
        <Box>
          <Button size="small" color="inherit" onClick={() => setWhole(true)} aria-label={`${more} (${nameOf(record)})`}>
            {more}
          </Button>
        </Box>
      )}
    </>
  );
}

function Links({ record, records, control }: Props) {
  const links = linksOf(records, record);
  if (links.length === 0) return null;
  return (
    <Box role="group" aria-label={`Links of ${nameOf(record)}`} sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 2 }}>
      <Box component="span" sx={{ typography: "body2", color: "text.secondary" }}>
        Linked to
      </Box>
      {links.map(({ to }) => (
        <LinkTick key={to.ref} record={record} to={to} control={control} />
      ))}
    </Box>
  );
}

/** What is left out cannot be linked to. */
function LinkTick({ record, to, control }: { record: Proposed; to: Proposed; control: Control<FormValues> }) {
  const isThere = useWatch({ control, name: `take.${to.ref}` }) === true;
  const name = `the ${to.noun} ${nameOf(to)}`;
  if (!isThere) return null;
  return <Tick control={control} name={`links.${record.ref}.${to.ref}`} label={`Link ${nameOf(record)} to ${name}`} text={name} />;
}
