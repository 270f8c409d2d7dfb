// A few fields in a dialog over a screen, with a complaint above them, and ways to save and to give up.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import { type ReactNode, useId } from "react";
import type { UseFormReturn } from "react-hook-form";
import { FieldInput } from "./FieldInput";
import type { FormValues } from "./formValues";
import type { Column } from "./modules";

interface Props {
  title: string;
  fields: readonly Column[];
  form: UseFormReturn<FormValues>;
  submit: string;
  save: (typed: FormValues) => Promise<void>;
  close: () => void;
  problem: string;
  wide?: boolean; // two columns, where there is room
  children?: ReactNode; // above the fields
}

export function FormDialog({ title, fields, form, submit, save, close, problem, wide = false, children }: Props) {
  const id = useId();
  return (
    <Dialog open onClose={close} fullWidth maxWidth={wide ? "sm" : "xs"} aria-labelledby={id}>
      <Box component="form" noValidate onSubmit={(event) => void form.handleSubmit(save)(event)}>
        <DialogTitle id={id}>{title}</DialogTitle>
        <DialogContent>
          {children}
          {problem && (
            <Alert severity="error" sx={{ mb: 2 }}>
              {problem}
            </Alert>
          )}
          <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: wide ? "repeat(auto-fill, minmax(min(100%, 216px), 1fr))" : "1fr", pt: 1 }}>
            {fields.map(([name, field], at) => (
              <FieldInput key={name} name={name} field={field} control={form.control} autoFocus={at === 0} />
            ))}
          </Box>
        </DialogContent>
        <DialogActions>
          <Button onClick={close} color="inherit">
            Cancel
          </Button>
          <Button type="submit" variant="contained" disabled={form.formState.isSubmitting}>
            {submit}
          </Button>
        </DialogActions>
      </Box>
    </Dialog>
  );
}
