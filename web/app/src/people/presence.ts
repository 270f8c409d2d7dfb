// Who is there, in words. Pure.

import type { Presence, UserEntry } from "../contract";
import type { Tone } from "../ui/StatusChip";
import { dayOf, dayText, timeText } from "../ui/words";

export type Presences = ReadonlyMap<string, Presence>; // by the id of the person

export const PRESENCES: Record<Presence["status"], { readonly label: string; readonly tone: Tone }> = {
  online: { label: "Online", tone: "green" },
  away: { label: "Away", tone: "amber" },
  offline: { label: "Offline", tone: "quiet" },
};

const ORDER: readonly Presence["status"][] = ["online", "away", "offline"];

/** With this person, who is here whatever others were told of them yet. */
export function onlineCount(items: Iterable<Presence>, me: string): number {
  return 1 + [...items].filter(({ id, status }) => status === "online" && id !== me).length;
}

/** "Offline since 3:12 PM", or since a day that is not today. */
export function presenceText(presence: Presence | undefined, now: number): string {
  if (!presence) return "Not seen yet";
  const { status, since, lastSeen } = presence;
  const { label } = PRESENCES[status];
  return status === "online" ? label : `${label} since ${sinceText(status === "offline" ? (lastSeen ?? since) : since, now)}`;
}

function sinceText(moment: string, now: number): string {
  const day = dayOf(new Date(moment));
  return day === dayOf(new Date(now)) ? timeText(moment) : dayText(day);
}

export interface Seen {
  readonly user: UserEntry;
  readonly presence: Presence | undefined;
}

/** Who is there first, then who was there last; people of the same by name. */
export function rosterOf(users: readonly UserEntry[], presences: Presences): readonly Seen[] {
  return users
    .map((user) => ({ user, presence: presences.get(user.userId) }))
    .toSorted((one, other) => rank(one) - rank(other) || lastSeen(other).localeCompare(lastSeen(one)) || one.user.name.localeCompare(other.user.name));
}

const rank = ({ presence }: Seen): number => (presence ? ORDER.indexOf(presence.status) : ORDER.length);

const lastSeen = ({ presence }: Seen): string => (presence?.status === "offline" ? (presence.lastSeen ?? presence.since) : "");
