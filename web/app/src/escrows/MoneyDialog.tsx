// Price, commission and its parts, in one dialog. The total follows price and percent until it is corrected.

import { useState } from "react";
import { useForm } from "react-hook-form";
import { complaintOf, isStale } from "../api/complaint";
import { useWrite } from "../modules/data";
import { FormDialog } from "../modules/FormDialog";
import { type FormValues, patchOf, toForm, toWire } from "../modules/formValues";
import type { Column } from "../modules/modules";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { commissionOf } from "./commission";
import { CommissionFollows } from "./CommissionFollows";
import { ESCROWS, type Escrow } from "./escrow";

const FIELDS: readonly Column[] = ["purchasePriceCents", "commissionPercent", "commissionTotalCents", "agentCommissionCents"].flatMap((name) => {
  const field = ESCROWS.fields[name];
  return field ? [[name, field] as const] : [];
});

export default function MoneyDialog({ escrow, close }: { escrow: Escrow; close: () => void }) {
  const write = useWrite(ESCROWS);
  const announce = useAnnounce();
  const why = useWhy();
  const [version, setVersion] = useState(escrow.version); // that the dialog is based on
  const [before] = useState(() => toForm(FIELDS, escrow));
  const [problem, setProblem] = useState("");
  const form = useForm<FormValues>({ defaultValues: toForm(FIELDS, { ...escrow, commissionTotalCents: commissionOf(escrow).cents }) });

  async function save(typed: FormValues): Promise<void> {
    const body = patchOf(toWire(FIELDS, before), toWire(FIELDS, typed));
    try {
      if (Object.keys(body).length > 0) {
        await write.mutateAsync({ method: "PATCH", path: `/${escrow.id}`, body, version });
        announce(`${escrow.propertyAddress} is saved`);
      }
      close();
    } catch (error) {
      setProblem(sentenceOf(error, why));
      const { theirs } = complaintOf(error);
      if (theirs) setVersion(Number(theirs["version"]));
    }
  }

  return (
    <FormDialog title="Price and commission" fields={FIELDS} submit="Save" {...{ form, save, close, problem }}>
      <CommissionFollows form={form} />
    </FormDialog>
  );
}

function sentenceOf(error: unknown, why: (error: unknown) => string): string {
  const complaint = complaintOf(error);
  if (isStale(complaint)) return "Somebody changed this since you began. What you typed is still here: save once more to put it over theirs.";
  const all = complaint.errors.map(({ field, message }) => `${ESCROWS.fields[field]?.label ?? field} ${message}.`);
  return all.join(" ") || why(error);
}
