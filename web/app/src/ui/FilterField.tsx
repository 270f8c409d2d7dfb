import InputAdornment from "@mui/material/InputAdornment";
import { LateTextField } from "./LateTextField";
import { type KeyboardEvent, useState } from "react";

interface Props {
  label: string;
  value: string;
  put: (value: string) => void;
  money?: boolean; // typed in dollars, kept in cents
  width?: number;
}

/** A filter that is typed. It holds from Enter on, or when one goes on to the next. */
export function FilterField({ label, value, put, money = false, width = 148 }: Props) {
  const shown = money && value ? (Number(value) / 100).toLocaleString("en-US") : value;
  const [typed, setTyped] = useState(shown);
  const [known, setKnown] = useState(shown);
  if (shown !== known) {
    setKnown(shown); // the address changed by itself
    setTyped(shown);
  }

  function take(): void {
    const text = typed.trim();
    const next = money ? centsOf(text) : text;
    if (next !== value) put(next);
    else setTyped(shown);
  }

  return (
    <LateTextField
      label={label}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={take}
      onKeyDown={(event: KeyboardEvent) => event.key === "Enter" && take()}
      sx={{ width: { xs: "calc(50% - 6px)", sm: width } }}
      slotProps={{
        inputLabel: { shrink: true },
        htmlInput: { maxLength: 100, inputMode: money ? "numeric" : "text" },
        ...(money ? { input: { startAdornment: <InputAdornment position="start">$</InputAdornment> } } : {}),
      }}
    />
  );
}

/** "450k", "1.2m" and "$450,000" as cents; nothing of what is no amount. */
export function centsOf(text: string): string {
  const found = /^\$?\s*([\d,]*\.?\d+|[\d,]+)\s*([km])?$/i.exec(text);
  if (!found?.[1]) return "";
  const times = { k: 1_000, m: 1_000_000 }[found[2]?.toLowerCase() ?? ""] ?? 1;
  return String(Math.round(Number(found[1].replaceAll(",", "")) * times * 100));
}
