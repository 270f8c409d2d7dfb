// What whoever runs the installation says, in sentences. Pure.

import type { Maintenance } from "@openhouse/client/react";
import { ownZone } from "../ownZone";
import { dayOf, momentText, timeText } from "../ui/words";
import { zoneName } from "../zones";

/** What can be said of maintenance: that it will be, that it is, that it takes longer than was said. */
type Phase = "ahead" | "on" | "late";

export const phaseOf = ({ isOn, isLate }: Maintenance): Phase => (isLate ? "late" : isOn ? "on" : "ahead");

/** Without what changes each second. */
export function maintenanceText(maintenance: Maintenance, now: number): string {
  const { announced, text } = maintenance;
  const [startsAt, endsAt] = [Date.parse(announced.startsAt), Date.parse(announced.endsAt)];
  const zone = zoneName(ownZone(), new Date(endsAt));
  const end = `${momentOf(endsAt, now)} ${zone}`;
  switch (phaseOf(maintenance)) {
    case "ahead":
      return `Maintenance from ${momentOf(startsAt, now)} to ${sameDay(startsAt, endsAt) ? timeOf(endsAt) : momentOf(endsAt, now)} ${zone}. ${text}`;
    case "on":
      return `Maintenance since ${momentOf(startsAt, now)}, expected to end at ${end}. ${text}`;
    case "late":
      return `Maintenance was expected to end at ${end}, and is not over yet. ${text}`;
  }
}

/** "begins in 12:05", "14:32 left"; nothing of what has no end that anybody knows. */
export function countdown(maintenance: Maintenance, now: number): string {
  const phase = phaseOf(maintenance);
  if (phase === "late") return "";
  return phase === "ahead" ? `begins in ${spanText(maintenance.startsAt - now)}` : `${spanText(maintenance.endsAt - now)} left`;
}

/** Why there is none any more: it is over, or it was called off. */
export function overText({ startsAt }: Maintenance, now: number): string {
  return now < startsAt ? "The maintenance will not take place." : "Maintenance is over. Everything works as usual.";
}

/** "2 days", "3 h 12 min", "12:05" of minutes and seconds. */
export function spanText(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  if (seconds >= 2 * 86_400) return `${Math.round(seconds / 86_400)} days`;
  if (seconds >= 3_600) return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const sameDay = (one: number, other: number): boolean => dayOf(new Date(one)) === dayOf(new Date(other));

const timeOf = (moment: number): string => timeText(new Date(moment).toISOString());

function momentOf(moment: number, now: number): string {
  return sameDay(moment, now) ? timeOf(moment) : momentText(new Date(moment).toISOString());
}
