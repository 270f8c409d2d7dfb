// When an appointment is: by the clocks of a zone, as days of a calendar, and after it was moved.

import type { CrmRecord } from "../modules/modules";
import { dayText, timeText } from "../ui/words";
import { addDays, dayIn, startOfDay, wallClock, zoneName } from "../zones";

export interface Times {
  readonly startsAt: string;
  readonly endsAt: string;
  readonly allDay: boolean;
  readonly timeZone?: string;
}

export function timesOf(record: CrmRecord): Times {
  const zone = record["timeZone"];
  return {
    startsAt: String(record["startsAt"]),
    endsAt: String(record["endsAt"]),
    allDay: record["allDay"] === true,
    ...(typeof zone === "string" ? { timeZone: zone } : {}),
  };
}

/** The days it is on: those of its own zone if it lasts all day, else of `zone`. `last` is one of them. */
export function daysOf(times: Times, zone: string): { first: string; last: string } {
  const own = times.allDay ? (times.timeZone ?? zone) : zone;
  const end = new Date(Date.parse(times.endsAt) - 1); // what ends at midnight is not on the next day
  return { first: dayIn(new Date(times.startsAt), own), last: dayIn(end, own) };
}

/** "10:00 AM – 10:45 AM PST", "All day", "Mar 7, 2026, 9:00 AM – Mar 9, 2026, 5:00 PM PDT". */
export function hoursText(times: Times, zone: string): string {
  const { first, last } = daysOf(times, zone);
  if (times.allDay) return first === last ? "All day" : `${dayText(first)} – ${dayText(last)}, all day`;
  const [start, end] = [new Date(times.startsAt), new Date(times.endsAt)];
  const [from, to] = [timeText(times.startsAt, zone), timeText(times.endsAt, zone)];
  const [nameFrom, nameTo] = [zoneName(zone, start), zoneName(zone, end)];
  const named = nameFrom === nameTo ? "" : ` ${nameFrom}`; // the clocks change in between
  return first === last
    ? `${from}${named} – ${to} ${nameTo}`
    : `${dayText(first)}, ${from}${named} – ${dayText(last)}, ${to} ${nameTo}`;
}

/** The same with the day before it. */
export function whenText(times: Times, zone: string): string {
  const { first, last } = daysOf(times, zone);
  const hours = hoursText(times, zone);
  return first === last ? `${dayText(first)}, ${hours.charAt(0).toLowerCase()}${hours.slice(1)}` : hours;
}

/** All of some days of a zone: from the midnight of the first to that after the last. */
export function wholeDays(first: string, last: string, zone: string): Times {
  return {
    startsAt: startOfDay(first, zone).toISOString(),
    endsAt: startOfDay(addDays(last, 1), zone).toISOString(),
    allDay: true,
    timeZone: zone,
  };
}

/** The body of a change from one to the other: what differs alone. */
export function changeOf(before: Times, after: Times): Record<string, unknown> {
  const same = (name: "startsAt" | "endsAt") => Date.parse(before[name]) === Date.parse(after[name]);
  return {
    ...(same("startsAt") ? {} : { startsAt: after.startsAt }),
    ...(same("endsAt") ? {} : { endsAt: after.endsAt }),
    ...(before.allDay === after.allDay ? {} : { allDay: after.allDay }),
    ...(before.timeZone === after.timeZone ? {} : { timeZone: after.timeZone ?? null }),
  };
}

/** For the calendar: days of what lasts all day, its end excluded; else moments. */
export function spanOf(times: Times, zone: string): { start: string; end: string; allDay: boolean } {
  if (!times.allDay) return { start: times.startsAt, end: times.endsAt, allDay: false };
  const { first, last } = daysOf(times, zone);
  return { start: first, end: addDays(last, 1), allDay: true };
}

/** For a form: the day and the clock at both ends. */
export function typedOf(times: Times, zone: string): { day: string; from: string; until: string; to: string } {
  const { first, last } = daysOf(times, zone);
  const clock = (moment: string) => wallClock(new Date(moment), zone).slice(11);
  return times.allDay
    ? { day: first, from: "09:00", until: last, to: "10:00" }
    : { day: first, from: clock(times.startsAt), until: dayIn(new Date(times.endsAt), zone), to: clock(times.endsAt) };
}


/** Of an appointment on another record's page. */
export function whenOf(record: CrmRecord, zone: string): string {
  return whenText(timesOf(record), zone);
}
