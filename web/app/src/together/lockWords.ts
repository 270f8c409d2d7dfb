// What is said of locks. Pure.

import { timeText } from "../ui/words";

/** As a refusal says it: neither is known if nobody is at work on the record by now. */
export interface Held {
  readonly holder: string | undefined; // the id of a user
  readonly until: string | undefined; // ISO 8601
}

export interface Names {
  readonly me: string; // the id of whoever looks
  readonly named: (userId: string) => string;
}

/** "Jayden is editing this escrow" */
export function editingText(noun: string, holder: string, { me, named }: Names): string {
  return holder === me ? `You are editing this ${noun} in another window` : `${named(holder)} is editing this ${noun}`;
}

/** Why a change was refused. */
export function refusedText({ holder, until }: Held, { me, named }: Names): string {
  if (holder === undefined) return "Somebody else has been at work on this meanwhile. Look at it once more, then try again.";
  const limit = until === undefined ? "" : `, until ${timeText(until)} at the latest`;
  if (holder === me) return `You are editing this in another window${limit}. Save there, or take over here.`;
  return `${named(holder)} is editing this${limit}. Your change was not saved.`;
}

/** "4:12 left"; nothing once it is over. Both in milliseconds since 1970. */
export function timeLeft(until: number, now: number): string {
  const seconds = Math.ceil((until - now) / 1000);
  return seconds > 0 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left` : "";
}

/** Whoever may give a record to somebody else may take it from them; everybody their own from another window. */
export function mayTakeOver(can: readonly string[], holder: string | undefined, me: string): boolean {
  return holder === me || (holder !== undefined && can.includes("reassign"));
}
