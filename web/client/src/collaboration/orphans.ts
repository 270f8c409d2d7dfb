/**
 * Locks of tabs that are gone without a word: to the server they belong to the connection of the tab that leads, which is
 * still there. So the one that leads gives them back, unless their tab is there again: it was reloaded, perhaps.
 */

import type { Client } from "../client.js";
import type { Attendance } from "./attendance.js";
import { unclaimed } from "./claim.js";
import type { Lock } from "./wire.js";

const PATIENCE = 15_000; // as the server has it with connections

export function giveBackOrphans(client: Client, attendance: Attendance): void {
  /** Of locks that other tabs have, the tokens. */
  const held = new Map<string, number>();

  function giveBack(id: string, token: number): void {
    const lock = client.record("lock", id) as Lock | undefined;
    const isThere = lock?.holder === client.user && lock.token === token && !held.has(id);
    if (!isThere || !attendance.leads) return; // who leads since knows of those that are held, and the server of the others
    const { noun, recordId } = lock;
    client.request("unlock", { noun, recordId, token }).catch(() => undefined); // it ends by itself, too
  }

  async function wait(id: string): Promise<void> {
    await unclaimed(client, id);
    const token = held.get(id) ?? 0;
    held.delete(id);
    client.clock.after(PATIENCE, () => giveBack(id, token));
  }

  attendance.onSaid((words) => {
    if (!("holds" in words) || !client.environment.lock) return;
    const isKnown = held.has(words.holds);
    held.set(words.holds, words.token);
    if (!isKnown) wait(words.holds).catch(() => undefined);
  });
}
