import Box from "@mui/material/Box";
import type { ReactNode } from "react";

interface Props {
  checked: boolean;
  change: (checked: boolean) => void;
  disabled: boolean;
  label?: string; // where none stands beside it
  children?: ReactNode;
}

/** A browser's own box with its label, high enough for a finger. */
export function CheckBox({ checked, change, disabled, label, children }: Props) {
  return (
    <Box
      component="label"
      sx={{ display: "inline-flex", alignItems: "flex-start", gap: 1.25, py: "7px", cursor: disabled ? "default" : "pointer", overflowWrap: "anywhere", "@media (pointer: coarse)": { py: "12px" } }}
    >
      <Box
        component="input"
        type="checkbox"
        aria-label={label}
        checked={checked}
        disabled={disabled}
        onChange={(event: React.ChangeEvent<HTMLInputElement>) => change(event.target.checked)}
        sx={{ flex: "none", width: 16, height: 16, m: 0, mt: "2px", accentColor: "var(--mui-palette-primary-main)" }}
      />
      {children}
    </Box>
  );
}
