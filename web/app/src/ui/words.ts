// Words for what is shown: names, money, days, how long ago. All in the person's own language settings for numbers, and times in
// their own zone.

import { ownZone } from "../ownZone";
import { dayIn, daysBetween } from "../zones";

/** `under_contract` and `underContract` are both "Under contract"; a code such as `US` stays one. */
export function words(name: string): string {
  if (name === name.toUpperCase()) return name;
  const spaced = name
    .replaceAll("_", " ")
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, " ")
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

const whole = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 0 });
const exact = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const short = new Intl.NumberFormat("en-US", {
  style: "currency",
  currency: "USD",
  notation: "compact",
  maximumFractionDigits: 2,
});

export function money(cents: number): string {
  return (cents % 100 === 0 ? whole : exact).format(cents / 100);
}

/** For a figure: $1.24M. */
export function shortMoney(cents: number): string {
  return short.format(cents / 100);
}

const dayOnly = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeZone: "UTC" });

/** Of a day without a time, which is the same everywhere. */
export function dayText(day: string): string {
  return dayOnly.format(new Date(`${day}T00:00:00Z`));
}

const inZone = new Map<string, readonly [moment: Intl.DateTimeFormat, time: Intl.DateTimeFormat]>();

function formatsOf(zone: string) {
  const known = inZone.get(zone);
  if (known) return known;
  const made = [
    new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short", timeZone: zone }),
    new Intl.DateTimeFormat("en-US", { timeStyle: "short", timeZone: zone }),
  ] as const;
  inZone.set(zone, made);
  return made;
}

export function momentText(moment: string, zone = ownZone()): string {
  return formatsOf(zone)[0].format(new Date(moment));
}

export function timeText(moment: string, zone = ownZone()): string {
  return formatsOf(zone)[1].format(new Date(moment));
}

const relative = new Intl.RelativeTimeFormat("en-US", { numeric: "auto", style: "short" });
const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 min. ago". After a month, the day itself. */
export function ago(moment: string, now: number): string {
  const seconds = (now - Date.parse(moment)) / 1000;
  if (seconds > 30 * 86_400) return dayText(moment.slice(0, 10));
  const [unit, length] = STEPS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 0];
  return length === 0 ? "just now" : relative.format(-Math.round(seconds / length), unit);
}

/** Whole days from today to that day, by the person's calendar. */
export function daysUntil(day: string, now: Date): number {
  return daysBetween(dayOf(now), day);
}

/** That day in the person's zone, as the API writes days. */
export function dayOf(moment: Date): string {
  return dayIn(moment, ownZone());
}

/** "in 3 days", "2 days overdue". */
export function daysLeft(days: number): string {
  if (days === 0) return "today";
  if (days === 1) return "tomorrow";
  return days > 0 ? `in ${days} days` : `${plural(-days, "day")} overdue`;
}

/** What the server says begins small, as parts of sentences do. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "a, b and c" */
export function listed(parts: readonly string[]): string {
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : (parts[0] ?? "");
}
