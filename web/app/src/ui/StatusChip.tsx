// A status is a tint and a word, never a colour alone.

import type { CSSProperties, ReactNode } from "react";
import { words } from "./words";

export type Tone = "accent" | "blue" | "amber" | "green" | "red" | "quiet";

const VARIABLES: Record<Tone, string> = {
  accent: "var(--mui-palette-primary-main)",
  blue: "var(--mui-palette-info-main)",
  amber: "var(--mui-palette-warning-main)",
  green: "var(--mui-palette-success-main)",
  red: "var(--mui-palette-error-main)",
  quiet: "var(--mui-palette-text-secondary)",
};

// A status that is not here, as of a module to come, is quiet.
const TONES: Record<string, Tone> = {
  opened: "blue",
  active: "green",
  coming_soon: "blue",
  pending: "amber",
  closed: "accent",
  sold: "accent",
  expired: "red",
  prospecting: "blue",
  under_contract: "amber",
  lost: "red",
  scheduled: "blue",
  confirmed: "green",
  completed: "accent",
  no_show: "red",
  new: "blue",
  contacted: "amber",
  qualified: "green",
  converted: "accent",
};

export function toneColour(tone: Tone): string {
  return VARIABLES[tone];
}

export function toneOf(status: string): Tone {
  return TONES[status] ?? "quiet";
}

export function Dot({ tone, size }: { tone: Tone; size?: number }) {
  return <span aria-hidden className="dot" style={marked(tone, size)} />;
}

export function Chip({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="chip" style={marked(tone)}>
      <Dot tone={tone} />
      {children}
    </span>
  );
}

/** As theme/marks.ts dresses it. */
function marked(tone: Tone, size?: number): CSSProperties {
  return { "--tone": VARIABLES[tone], ...(size === undefined ? {} : { "--size": `${size}px` }) } as CSSProperties;
}

export function StatusChip({ status }: { status: string }) {
  return <Chip tone={toneOf(status)}>{words(status)}</Chip>;
}

export function RecordStatus({ record }: { record: { readonly archived: boolean; readonly status: string } }) {
  return record.archived ? <Chip tone="quiet">Archived</Chip> : <StatusChip status={record.status} />;
}
