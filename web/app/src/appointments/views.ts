// What a calendar shows: a view of the days around one, both in the address.

import { cleanSearch, type ListSearch } from "../urls";
import { addDays } from "../zones";

export const VIEWS = ["month", "week", "day", "agenda"] as const;
export type View = (typeof VIEWS)[number];

export interface CalendarSearch {
  view?: View;
  day?: string;
  owner?: string;
  archived?: "true";
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function calendarSearch(search: Record<string, unknown>): CalendarSearch {
  const { owner, archived } = cleanSearch(search);
  const { view, day } = search;
  return {
    ...(VIEWS.includes(view as View) ? { view: view as View } : {}),
    ...(typeof day === "string" && DAY.test(day) && !Number.isNaN(Date.parse(day)) ? { day } : {}),
    ...(owner ? { owner } : {}),
    ...(archived ? { archived } : {}),
  };
}

const weekday = (day: string): number => new Date(`${day}T00:00Z`).getUTCDay();
const startOfWeek = (day: string): string => addDays(day, -weekday(day));
const startOfMonth = (day: string): string => `${day.slice(0, 7)}-01`;

function addMonths(day: string, count: number): string {
  const date = new Date(`${startOfMonth(day)}T00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + count);
  const month = date.toISOString().slice(0, 7);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return `${month}-${String(Math.min(Number(day.slice(8)), last)).padStart(2, "0")}`;
}

const AGENDA = 14; // days

/** The first and the last day to be seen, weeks from Sunday on. */
export function rangeOf(view: View, day: string): { from: string; to: string } {
  switch (view) {
    case "month": {
      const last = addDays(startOfMonth(addMonths(day, 1)), -1);
      return { from: startOfWeek(startOfMonth(day)), to: addDays(startOfWeek(last), 6) };
    }
    case "week":
      return { from: startOfWeek(day), to: addDays(startOfWeek(day), 6) };
    case "day":
      return { from: day, to: day };
    case "agenda":
      return { from: day, to: addDays(day, AGENDA - 1) };
  }
}

/** The day that a step forward (1) or back (-1) leads to. */
export function stepFrom(view: View, day: string, step: 1 | -1): string {
  switch (view) {
    case "month":
      return addMonths(day, step);
    case "week":
      return addDays(day, 7 * step);
    case "day":
      return addDays(day, step);
    case "agenda":
      return addDays(day, AGENDA * step);
  }
}

const month = new Intl.DateTimeFormat("en-US", { month: "long", year: "numeric", timeZone: "UTC" });
const whole = new Intl.DateTimeFormat("en-US", { dateStyle: "full", timeZone: "UTC" });
const short = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", year: "numeric", timeZone: "UTC" });
const at = (day: string): Date => new Date(`${day}T00:00Z`);

export function titleOfView(view: View, day: string): string {
  const { from, to } = rangeOf(view, day);
  if (view === "month") return month.format(at(day));
  return view === "day" ? whole.format(at(day)) : short.formatRange(at(from), at(to));
}

/** What the list of appointments is asked for. Days are of the zone. */
export function listOf({ owner, archived }: CalendarSearch, view: View, day: string, zone: string): ListSearch {
  return {
    ...rangeOf(view, day),
    tz: zone,
    sort: "date",
    ...(owner ? { owner } : {}),
    ...(archived ? { archived } : {}),
  };
}
