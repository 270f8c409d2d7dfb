import type { Noun } from "@openhouse/client";
import { useTyping } from "@openhouse/client/react";
import Box from "@mui/material/Box";
import type { ReactNode } from "react";
import { TypingHint } from "./TypingHint";

export interface About {
  readonly noun: string;
  readonly id: string;
}

/** Around the input of a field: others who look at the record are told that somebody types in it, and who does is told below. */
export function Typed({ about, field, children }: { about: About; field: string; children: ReactNode }) {
  const { typing, stopped } = useTyping(about.noun as Noun, about.id, field);
  return (
    <Box onInput={typing} onBlur={stopped}>
      {children}
      <TypingHint field={field} />
    </Box>
  );
}
