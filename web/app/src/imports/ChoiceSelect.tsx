// One of many choices, in groups: a browser's own select, which a list of hundreds of columns can have in each row.

import TextField from "@mui/material/TextField";

interface Props {
  label: string;
  name?: string; // that is spoken, where the label alone says too little
  value: string;
  empty: string | undefined; // what stands there while nothing is chosen
  groups: readonly (readonly [label: string, choices: readonly (readonly [value: string, label: string])[]])[];
  problem: string | undefined;
  hint?: string | undefined;
  disabled: boolean;
  put: (value: string) => void;
}

export function ChoiceSelect({ label, name, value, empty, groups, problem, hint, disabled, put }: Props) {
  return (
    <TextField
      select
      fullWidth
      label={label}
      value={value}
      disabled={disabled}
      error={problem !== undefined}
      helperText={problem ?? hint}
      onChange={(event) => put(event.target.value)}
      slotProps={{ select: { native: true }, inputLabel: { shrink: true }, htmlInput: name ? { "aria-label": name } : {} }}
    >
      {empty !== undefined && <option value="">{empty}</option>}
      {groups.map(([group, choices]) =>
        group ? (
          <optgroup key={group} label={group}>
            {options(choices)}
          </optgroup>
        ) : (
          options(choices)
        ),
      )}
    </TextField>
  );
}

function options(choices: Props["groups"][number][1]) {
  return choices.map(([value, label]) => (
    <option key={value} value={value}>
      {label}
    </option>
  ));
}
