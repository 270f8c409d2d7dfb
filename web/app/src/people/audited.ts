// The audit trail in words: "Rae Root changed Ben Ortiz".

import type { AuditChange, AuditEntry } from "../contract";
import { plural } from "../ui/words";
import { isRole, ROLES } from "./directory";

const FIELDS: Record<string, string> = {
  administrator: "Administrator",
  create: "New records",
  email: "E-mail",
  holder: "Holder",
  module: "Module",
  name: "Name",
  pairs: "Pairs",
  records: "Records",
  role: "Role",
  teams: "Teams",
  update: "Changed records",
};

type Words = (entry: AuditEntry, named: (id: string) => string) => string;

const SENTENCES: Record<AuditEntry["act"], Words> = {
  brokerage_founded: ({ name }) => `founded ${name}`,
  team_created: ({ name }) => `added the team ${name}`,
  team_renamed: ({ name }) => `renamed the team ${name}`,
  user_added: ({ name }) => `added ${name}`,
  user_changed: ({ name }) => `changed ${name}`,
  user_removed: ({ name }) => `deactivated ${name}`,
  sessions_ended: ({ name }) => `ended all sessions of ${name}`,
  user_invited: ({ name }) => `invited ${name}`,
  invitation_resent: ({ name }) => `sent the invitation of ${name} again`,
  invitation_revoked: ({ name }) => `withdrew the invitation of ${name}`,
  message_sent: ({ name, subject }) => `wrote to ${subject.startsWith("team:") ? "a team" : "everybody"}: ${name}`,
  announcement_made: ({ name }) => `announced: ${name}`,
  announcement_ended: ({ name }) => `ended the announcement: ${name}`,
  lock_taken_over: ({ subject, changes }, named) => {
    const holder = changes.find(({ field }) => field === "holder")?.before ?? "";
    return `took the edit lock of ${article(subject)} from ${named(holder)}`;
  },
  import_confirmed: ({ name }) => `imported ${name}`,
  merge_confirmed: ({ changes }) => `merged ${plural(counted(changes, "pairs"), "pair", "pairs")} of duplicates`,
  task_undone: ({ name }) => `took back: ${name}`,
  records_exported: ({ subject, changes }) => `exported ${counted(changes, "records")} ${subject}`,
};

export function sentenceOf(entry: AuditEntry, named: (id: string) => string): string {
  return SENTENCES[entry.act]?.(entry, named) ?? entry.act;
}

/** What is not in the sentence: "Role: Lead, was Agent". */
export function detailsOf({ act, changes }: AuditEntry): readonly string[] {
  if (act === "lock_taken_over" || act === "merge_confirmed" || act === "records_exported") return [];
  return changes.filter(({ field, after, before }) => before || (after && field !== "name")).map(detail);
}

function detail({ field, before, after }: AuditChange): string {
  const label = FIELDS[field] ?? field;
  const [old, now] = [value(field, before), value(field, after)];
  if (!before) return `${label}: ${now}`;
  return after ? `${label}: ${now}, was ${old}` : `${label}: was ${old}`;
}

function value(field: string, text: string): string {
  return field === "role" && isRole(text) ? ROLES[text].label : text;
}

function counted(changes: readonly AuditChange[], field: string): number {
  return Number(changes.find((each) => each.field === field)?.after ?? 0);
}

/** Of what a lock is: "escrow:0199..." is an escrow. */
function article(subject: string): string {
  const noun = subject.split(":", 1)[0] ?? "record";
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
