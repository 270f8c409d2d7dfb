// One of several choices. What is open when the form becomes view-only closes, and changes nothing.

import MenuItem from "@mui/material/MenuItem";
import TextField, { type TextFieldProps } from "@mui/material/TextField";
import { useState } from "react";

type Props = Omit<TextFieldProps, "select" | "slotProps"> & {
  choices: readonly (readonly [choice: string, label: string])[];
  readOnly: boolean;
  slotProps: { readonly htmlInput?: object; readonly input?: object; readonly inputLabel?: object };
};

export function ChoiceInput({ choices, readOnly, slotProps, ...text }: Props) {
  const [open, setOpen] = useState(false);
  if (readOnly && open) setOpen(false);
  const select = { open, onOpen: () => setOpen(true), onClose: () => setOpen(false) };
  return (
    <TextField {...text} select slotProps={{ ...slotProps, select }}>
      {choices.map(([choice, label]) => (
        <MenuItem key={choice} value={choice}>
          {label}
        </MenuItem>
      ))}
    </TextField>
  );
}
