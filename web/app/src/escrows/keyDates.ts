// What has to happen by when. Pure.

import type { Tone } from "../ui/StatusChip";
import { dayOf, daysUntil } from "../ui/words";
import { inOrder } from "../modules/items";
import { type Escrow, isOpen } from "./escrow";

export interface KeyDate {
  readonly id: string; // of a milestone; else the name of the field
  readonly title: string;
  readonly day: string;
  readonly milestone: boolean;
  readonly done: boolean;
}

/** By their days; on the same day what was opened comes first, what closes last. */
export function keyDatesOf(escrow: Escrow, today: string): KeyDate[] {
  const { openedDate, contingencyRemovalDate, closeOfEscrowDate, actualCloseDate, status } = escrow;
  const closed = status === "closed";
  const fields: (KeyDate | undefined)[] = [
    fieldDate("openedDate", "Opened", openedDate, openedDate !== undefined && openedDate <= today),
    // What is pending has its contingencies removed: once that day has passed, nobody has to do anything about it.
    fieldDate(
      "contingencyRemovalDate",
      "Contingencies removed",
      contingencyRemovalDate,
      closed || (status === "pending" && contingencyRemovalDate !== undefined && contingencyRemovalDate < today),
    ),
    fieldDate("closeOfEscrowDate", "Close of escrow", closeOfEscrowDate, closed || actualCloseDate !== undefined),
    fieldDate("actualCloseDate", "Closed", actualCloseDate, true),
  ];
  const milestones = inOrder(escrow.timeline).map(
    ([id, { at, title, done = false }]): KeyDate => ({ id, title, day: dayOf(new Date(at)), milestone: true, done }),
  );
  const rank = ({ id }: KeyDate) => ({ openedDate: 0, closeOfEscrowDate: 2, actualCloseDate: 3 })[id] ?? 1;
  return [...fields, ...milestones]
    .filter((date): date is KeyDate => date !== undefined)
    .toSorted((one, other) => (one.day === other.day ? rank(one) - rank(other) : one.day < other.day ? -1 : 1));
}

function fieldDate(id: string, title: string, day: string | undefined, done: boolean): KeyDate | undefined {
  return day === undefined ? undefined : { id, title, day, milestone: false, done };
}

/** What is to be done next; nothing of an escrow that is over. */
export function nextDate(escrow: Escrow, today: string): KeyDate | undefined {
  return isOpen(escrow) ? keyDatesOf(escrow, today).find(({ done }) => !done) : undefined;
}

export interface Due extends KeyDate {
  readonly escrow: Escrow;
  readonly days: number; // below 0: so many overdue
}

/** What is overdue, and what is due within so many days, of all of them: the longest overdue first. */
export function dueWithin(escrows: readonly Escrow[], days: number, now: Date): Due[] {
  const today = dayOf(now);
  return escrows
    .filter(isOpen)
    .flatMap((escrow) => keyDatesOf(escrow, today).map((date) => ({ ...date, escrow, days: daysUntil(date.day, now) })))
    .filter((due) => !due.done && due.days <= days)
    .toSorted((one, other) => one.days - other.days);
}

/** Red is late, amber within two days. */
export function urgency(days: number): Tone {
  if (days < 0) return "red";
  return days <= 2 ? "amber" : "quiet";
}
