// The records that somebody has looked at last: their names alone are not kept, but where they are.

import type { Noun } from "@openhouse/client";

interface Visited {
  readonly noun: Noun;
  readonly id: string;
}

const PREFIX = "openhouse-recent:";
const MOST = 8;

export function recentOf(user: string): readonly Visited[] {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + user) ?? "[]") as readonly Visited[];
  } catch {
    return [];
  }
}

export function visit(user: string, { noun, id }: Visited): void {
  const others = recentOf(user).filter((each) => each.id !== id);
  try {
    localStorage.setItem(PREFIX + user, JSON.stringify([{ noun, id }, ...others].slice(0, MOST)));
  } catch {
    // nothing is kept here
  }
}

export function forgetVisits(user: string): void {
  try {
    localStorage.removeItem(PREFIX + user);
  } catch {
    // nothing is kept here
  }
}
