// A qualified lead becomes a client, in one step: what the lead says goes along, the rest is asked here.

import Typography from "@mui/material/Typography";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { complaintOf, isStale } from "../api/complaint";
import { useWrite } from "../modules/data";
import { FormDialog } from "../modules/FormDialog";
import { type FormValues, patchOf, toForm, toWire } from "../modules/formValues";
import { type Column, type CrmRecord, moduleAt, titleOf } from "../modules/modules";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { type Lead, LEADS } from "./lead";

const CLIENTS = moduleAt("clients");
const FIELDS: readonly Column[] = ["clientType", "firstName", "lastName", "company", "email", "phone", "address", "city"].flatMap((name) => {
  const field = CLIENTS.fields[name];
  return field ? [[name, field] as const] : [];
});

export default function ConvertDialog({ lead, close }: { lead: Lead; close: () => void }) {
  const write = useWrite(LEADS);
  const announce = useAnnounce();
  const why = useWhy();
  const navigate = useNavigate();
  const [problem, setProblem] = useState("");
  const [handedOn] = useState(() => toForm(FIELDS, lead));
  const form = useForm<FormValues>({ defaultValues: { ...handedOn, clientType: "buyer" } });
  const name = titleOf(LEADS, lead);

  async function convert(typed: FormValues): Promise<void> {
    const body = patchOf(toWire(FIELDS, handedOn), toWire(FIELDS, typed));
    try {
      const made = await write.mutateAsync({ method: "POST", path: `/${lead.id}/convert`, body, version: lead.version });
      close();
      announce(`${name} is a client now`);
      const client = (made as { client?: CrmRecord } | undefined)?.client;
      if (client) await navigate({ to: `/clients/${client.id}` });
    } catch (error) {
      setProblem(sentenceOf(error, form.setError, why));
    }
  }

  return (
    <FormDialog title={`Make ${name} a client`} fields={FIELDS} submit="Convert" save={convert} wide {...{ form, close, problem }}>
      <Typography color="textSecondary" sx={{ mb: 2 }}>
        Their telephone numbers, addresses, tags and notes go along. The lead stays as it is, as converted.
      </Typography>
    </FormDialog>
  );
}

type SetError = (name: string, error: { message: string }, options: { shouldFocus: boolean }) => void;

function sentenceOf(error: unknown, setError: SetError, why: (error: unknown) => string): string {
  const complaint = complaintOf(error);
  if (isStale(complaint)) return "Somebody changed this lead meanwhile. Close this, look at it again, and convert it then.";
  const known = new Map(FIELDS);
  const others = complaint.errors.flatMap(({ field, message }) => {
    const label = known.get(field)?.label;
    if (!label) return [`${CLIENTS.fields[field]?.label ?? field} ${message}.`];
    setError(field, { message: `${label} ${message}.` }, { shouldFocus: true });
    return [];
  });
  if (complaint.errors.length > 0 && others.length === 0) return "See the marked fields.";
  return others.join(" ") || why(error);
}
