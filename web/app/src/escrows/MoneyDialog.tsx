// Price, commission and its parts, in one dialog. The total follows price and percent until it is corrected.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { complaintOf, isStale } from "../api/complaint";
import { useWrite } from "../modules/data";
import { FieldInput } from "../modules/FieldInput";
import { type FormValues, patchOf, toForm, toWire } from "../modules/formValues";
import type { Column } from "../modules/modules";
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
      setProblem(sentenceOf(error));
      const { theirs } = complaintOf(error);
      if (theirs) setVersion(Number(theirs["version"]));
    }
  }

  return (
    <Dialog open onClose={close} fullWidth maxWidth="xs" aria-labelledby="money-title">
      <Box component="form" noValidate onSubmit={(event) => void form.handleSubmit(save)(event)}>
        <DialogTitle id="money-title">Price and commission</DialogTitle>
        <DialogContent>
          <CommissionFollows form={form} />
          <Box sx={{ display: "grid", gap: 2, pt: 1 }}>
            {problem && <Alert severity="error">{problem}</Alert>}
            {FIELDS.map(([name, field], at) => (
              <FieldInput key={name} name={name} field={field} control={form.control} autoFocus={at === 0} />
            ))}
          </Box>
        </DialogContent>
        <DialogActions>
          <Button onClick={close} color="inherit">
            Cancel
          </Button>
          <Button type="submit" variant="contained" disabled={form.formState.isSubmitting}>
            Save
          </Button>
        </DialogActions>
      </Box>
    </Dialog>
  );
}

function sentenceOf(error: unknown): string {
  const complaint = complaintOf(error);
  if (isStale(complaint)) return "Somebody changed this since you began. What you typed is still here: save once more to put it over theirs.";
  const all = complaint.errors.map(({ field, message }) => `${ESCROWS.fields[field]?.label ?? field} ${message}.`);
  return all.join(" ") || complaint.message;
}
