// What the badge says of the connection. Pure.

import type { State } from "@openhouse/client";
import type { Tone } from "../ui/StatusChip";

export const BADGES = {
  word: "A word: Live",
  people: "Connected, and how many are online",
  icon: "A sign alone, and the rest when one points at it",
} as const;

export type BadgeDesign = keyof typeof BADGES;

const TONES: Record<State["status"], Tone> = {
  connected: "green",
  connecting: "amber",
  reconnecting: "amber",
  disconnected: "red",
  error: "red",
};

const WORDS: Record<State["status"], string> = {
  connected: "Connected",
  connecting: "Connecting",
  reconnecting: "Reconnecting",
  disconnected: "Offline",
  error: "Not connected",
};

export const toneOf = ({ status }: State): Tone => TONES[status];

export function badgeText({ status }: State, design: BadgeDesign): string {
  return status === "connected" && design === "word" ? "Live" : WORDS[status];
}

/** "3 online", in the design that has it. `online`: how many of the team are there, if that is known. */
export function onlineText({ status }: State, design: BadgeDesign, online?: number): string {
  return status === "connected" && design === "people" && online !== undefined ? `${online} online` : "";
}

/** "in 5 s", of a try that is still to come. */
export function countdown({ retryAt }: State, now: number): string {
  const seconds = retryAt === undefined ? 0 : Math.ceil((retryAt - now) / 1000);
  return seconds > 0 ? `in ${seconds} s` : "";
}

/** All that there is to say, in a sentence. `syncedAt`: when nothing was missing. */
export function detail(state: State, now: number, syncedAt?: number, online?: number): string {
  const people = online === undefined ? [] : [`${online} team member${online === 1 ? "" : "s"} online`];
  const sync = syncedAt === undefined ? [] : [`last sync ${sinceText(now - syncedAt)}`];
  if (state.status === "connected") return [WORDS.connected, ...people, ...sync].join(", ");
  const next = countdown(state, now);
  const tries = next ? [`next try ${next}`] : [];
  return [`${WORDS[state.status]}: ${state.reason}`, ...tries, ...sync].join(", ");
}

function sinceText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  return seconds < 3_600 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3_600)} h ago`;
}
