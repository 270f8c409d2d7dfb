/** The edit locks that this tab holds, and the tokens that its saves say. */

import type { Client } from "../client.js";
import type { Noun } from "../types.js";
import type { Attendance } from "./attendance.js";
import { EditLock } from "./edit-lock.js";
import { KeptTokens } from "./kept-tokens.js";
import { LiveList } from "./live-list.js";
import { giveBackOrphans } from "./orphans.js";
import type { ServerClock } from "./server-clock.js";
import type { Store } from "./store.js";
import type { EditLockShown } from "./edit-lock.js";
import { lockId } from "./wire.js";
import type { Lock } from "./wire.js";

export class Locks {
  readonly list: LiveList<Lock>;
  readonly #client: Client;
  readonly #time: ServerClock;
  readonly #attendance: Attendance;
  readonly #kept: KeptTokens;
  readonly #locks = new Map<string, EditLock>();
  /** By a lock and its token, that of the lock which the same person had next: nobody else was at work in between. */
  readonly #next = new Map<string, number>();

  constructor(client: Client, time: ServerClock, attendance: Attendance) {
    this.#client = client;
    this.#time = time;
    this.#attendance = attendance;
    this.#kept = new KeptTokens(client);
    giveBackOrphans(client, attendance);
    this.list = new LiveList<Lock>(client, time, { noun: "lock", path: "locks", ends: ({ until }) => Date.parse(until) });
    client.rest.lockToken = (given, method, path) => this.#token(given, method, path);
  }

  /** Of one record. Whoever watches it edits the record: the lock is taken, kept and released by that. */
  of(noun: Noun, id: string): EditLock {
    const key = lockId(noun, id);
    let lock = this.#locks.get(key);
    if (!lock) {
      lock = new EditLock({ noun, id }, this.#client, this.#time, this.#attendance, this.list, this.#kept);
      this.#locks.set(key, lock);
    }
    return lock;
  }

  /** The same for who only wants to know. */
  watched(noun: Noun, id: string): Store<EditLockShown> {
    const lock = this.of(noun, id);
    let [from, shown]: [unknown, EditLockShown | undefined] = [undefined, undefined];
    return {
      subscribe: this.list.subscribe,
      snapshot: () => {
        const found = this.list.get(lockId(noun, id));
        if (!shown || from !== found) [from, shown] = [found, lock.seen()];
        return shown;
      },
    };
  }

  /** Nobody is at work here any more. */
  stop(): void {
    for (const lock of this.#locks.values()) lock.stop();
    this.#kept.clear();
  }

  /**
   * What a save says in `Lock-Token`. `given`: the token of a save that has waited, or 0 if it had none.
   *
   * Without one, it is that of the lock under which this tab edits. A save that has waited keeps its own: if somebody else was at
   * work since, the server refuses it. But if the lock that follows on it is of the same person, nobody else was; and one that
   * had none must not be refused for a lock of the same person.
   */
  #token(given: number | undefined, method: string, path: string): number | undefined {
    const [, plural = "", id = "", verb] = path.split("/");
    const { rest, user } = this.#client;
    const [noun] = Object.entries(rest.paths).find(([, each]) => each === plural) ?? [];
    if (noun === undefined || method === "GET" || verb === "lock") return given || undefined;
    const key = lockId(noun, decodeURIComponent(id));
    if (given === undefined) return this.#locks.get(key)?.saves();
    const lock = this.list.get(key);
    const own = lock?.holder === user ? lock.token : undefined;
    if (given === 0) return own;
    if (own === given + 1) this.#next.set(`${key} ${given}`, own);
    return this.#next.get(`${key} ${given}`) ?? given;
  }
}
