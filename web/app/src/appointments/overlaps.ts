// Who is meant to be in two places at once.

import type { CrmRecord } from "../modules/modules";

const OFF = new Set(["cancelled", "no_show"]);

/** Whoever has to be there: the owner, and who attends. */
function peopleOf(record: CrmRecord): string[] {
  return [...new Set([record.ownerId, ...Object.keys((record["attendeeIds"] as object | undefined) ?? {})])];
}

/**
 * Of each appointment those that share a person and a time with it. What lasts all day is a note more than an appointment, and what is off
 * does not count. One that begins when the other ends does not overlap.
 */
export function overlapsOf(records: readonly CrmRecord[]): ReadonlyMap<string, readonly CrmRecord[]> {
  const found = new Map<string, CrmRecord[]>();
  const spans = records
    .filter((record) => record["allDay"] !== true && !OFF.has(record.status) && !record.archived)
    .map((record) => ({
      record,
      people: peopleOf(record),
      start: Date.parse(String(record["startsAt"])),
      end: Date.parse(String(record["endsAt"])),
    }))
    .toSorted((one, other) => one.start - other.start);
  let running: typeof spans = [];
  for (const span of spans) {
    running = running.filter(({ end }) => end > span.start);
    for (const other of running) {
      if (!other.people.some((person) => span.people.includes(person))) continue;
      note(found, span.record, other.record);
      note(found, other.record, span.record);
    }
    running.push(span);
  }
  return found;
}

function note(found: Map<string, CrmRecord[]>, record: CrmRecord, other: CrmRecord): void {
  const known = found.get(record.id);
  if (known) known.push(other);
  else found.set(record.id, [other]);
}
