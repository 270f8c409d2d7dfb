// Which tasks lie in the corner of the page, and until when. Pure, but for what somebody has put away.

import type { Task } from "@openhouse/client/collaboration";

export const LINGERS = 3_000; // milliseconds that a success is shown for
const FRESH = 24 * 3_600_000; // a failure of yesterday is in the notifications
const PREFIX = "openhouse-tasks-put-away:";
const MOST = 50;

export interface Tray {
  /** Those that ran or waited while this page was open: their success is shown for a while. */
  readonly seen: ReadonlySet<string>;
  readonly putAway: readonly string[];
  /** Ended well, and shown for long enough. */
  readonly gone: ReadonlySet<string>;
}

/** The newest first, as they come. What was put away while it waited comes back if it runs again. */
export function shownOf(tasks: readonly Task[], { seen, putAway, gone }: Tray, now: number): readonly Task[] {
  return tasks.filter(({ id, status, endedAt }) => {
    if (status === "running") return true;
    if (putAway.includes(id)) return false;
    if (status === "proposed") return true;
    if (status === "failed") return endedAt !== undefined && now - Date.parse(endedAt) < FRESH;
    return seen.has(id) && !gone.has(id);
  });
}

export function putAwayOf(user: string): readonly string[] {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + user) ?? "[]") as readonly string[];
  } catch {
    return [];
  }
}

export function keepPutAway(user: string, ids: readonly string[]): void {
  try {
    localStorage.setItem(PREFIX + user, JSON.stringify(ids.slice(-MOST)));
  } catch {
    // it comes back with the next page
  }
}
