// A lead as its screens read it, and what follows from it. Pure.

import { type CrmRecord, moduleAt } from "../modules/modules";
import { plural } from "../ui/words";
import type { Tone } from "../ui/StatusChip";

export const LEADS = moduleAt("leads");

export interface Lead extends CrmRecord {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly company?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly source?: string;
  readonly budgetCents?: number;
  readonly score?: number;
  readonly tags?: Readonly<Record<string, true>>;
  readonly notes?: string;
  readonly clientId?: string;
}

export const asLead = (record: CrmRecord): Lead => record;

export interface Waiting {
  readonly days: number;
  readonly text: string;
  readonly tone: Tone;
}

/** How long nobody has been in touch: of a new lead since it came, else since it was last touched. None of what is over. */
export function waitingOf({ status, createdAt, updatedAt }: Pick<Lead, "status" | "createdAt" | "updatedAt">, now: number): Waiting | undefined {
  if (status === "converted" || status === "lost" || status === "unqualified") return undefined;
  const fresh = status === "new";
  const hours = Math.max(0, (now - Date.parse(fresh ? createdAt : updatedAt)) / 3_600_000);
  const days = Math.floor(hours / 24);
  const long = days >= 1 ? plural(days, "day") : hours >= 1 ? plural(Math.floor(hours), "hour") : "";
  const text = fresh ? (long ? `waits ${long}` : "just came") : long ? `quiet for ${long}` : "just in touch";
  const [amber, red] = fresh ? [1, 3] : [7, 21];
  return { days, text, tone: days >= red ? "red" : days >= amber ? "amber" : "quiet" };
}

/** Hot, warm or cold, by the score. */
export function heatOf(score: number): { text: string; tone: Tone } {
  if (score >= 75) return { text: "Hot", tone: "red" };
  return score >= 40 ? { text: "Warm", tone: "amber" } : { text: "Cold", tone: "blue" };
}
