// An appointment that lasts whole days is typed as its day, not as two midnights. And what is moved keeps its length. Pure.

import type { FormValue, FormValues } from "../modules/formValues";
import { addDays, dayIn, daysBetween, startOfDay } from "../zones";

type Wire = Readonly<Record<string, unknown>>;

const MINUTE = 60_000;

export const isWholeDay = (values: Wire): boolean => values["allDay"] === true && typeof values["startsAt"] === "string" && typeof values["endsAt"] === "string";

const zoneOf = ({ timeZone }: Wire, otherwise: string): string => (typeof timeZone === "string" ? timeZone : otherwise);

/** On which day it begins. */
export function dayOfWhole(values: Wire, zone: string): string {
  return dayIn(new Date(String(values["startsAt"])), zoneOf(values, zone));
}

/** The patch that has it begin on another day. */
export function wholeDayMoved(values: Wire, day: string, zone: string): Wire {
  const own = zoneOf(values, zone);
  const first = dayOfWhole(values, zone);
  if (day === first) return {};
  const length = daysBetween(first, dayIn(new Date(String(values["endsAt"])), own));
  return { startsAt: startOfDay(day, own).toISOString(), endsAt: startOfDay(addDays(day, length), own).toISOString() };
}

/** What is typed of one with times, with an end that follows the begin if nobody has typed another. All as clocks show it. */
export function endFollows(before: FormValues, typed: FormValues): FormValues {
  const [began, begins] = [wall(before["startsAt"]), wall(typed["startsAt"])];
  const ended = wall(before["endsAt"]);
  if (!Number.isFinite(began + begins + ended) || began === begins || before["endsAt"] !== typed["endsAt"]) return typed;
  return { ...typed, endsAt: new Date(ended + begins - began).toISOString().slice(0, 16) };
}

function wall(value: FormValue | undefined): number {
  const text = typeof value === "string" ? Date.parse(`${value.slice(0, 16)}Z`) : Number.NaN;
  return Math.round(text / MINUTE) * MINUTE;
}
