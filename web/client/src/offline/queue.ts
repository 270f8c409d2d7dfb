/**
 * Writes that wait for the server: kept, sent in their order under a key each, so that none is done twice.
 *
 * Until its answer is there, a write is a layer over the records: taking it away is the roll-back.
 */

import { keyOf } from "../cache.js";
import type { AnyRecord } from "../cache.js";
import { merge } from "../merge-patch.js";
import type { Document } from "../merge-patch.js";
import type { Noun } from "../types.js";

/** What somebody wants done. Without an `id` a record is created. */
export interface Write {
  readonly noun: Noun;
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly id?: string;
  /** Of a POST to a record: `archive`, `restore`, `recover`, `reopen`, `convert`. */
  readonly verb?: string;
  readonly body?: Document;
  /** Refuse if the record has another version by now. */
  readonly version?: number;
  /** Of the edit lock under which it is wanted. Without it, that of the lock which this tab holds then, if it holds one. */
  readonly lockToken?: number;
}

export interface Waiting extends Write {
  /** Its idempotency key. A record that it creates has `~` and this as its id until the server gives it one. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When it was sent for the first time: it may have been done. */
  readonly sentAt?: number;
}

export const PROVISIONAL = "~";

/** In the order in which they were wanted. Pure. */
export class Queue {
  #waiting: readonly Waiting[] = [];

  get waiting(): readonly Waiting[] {
    return this.#waiting;
  }

  get(key: string): Waiting | undefined {
    return this.#waiting.find((one) => one.key === key);
  }

  /** Adds one, or puts it in place of the one with its key. */
  put(write: Waiting): void {
    const others = this.#waiting.filter(({ key }) => key !== write.key);
    this.#waiting = [...others, write].toSorted((one, other) => one.at - other.at || (one.key < other.key ? -1 : 1));
  }

  remove(key: string): void {
    this.#waiting = this.#waiting.filter((one) => one.key !== key);
  }

  /** The record that a write created has its id: those that refer to it do so by that from now on. Returns them. */
  named(key: string, id: string): Waiting[] {
    const provisional = JSON.stringify(PROVISIONAL + key);
    const renamed: Waiting[] = [];
    this.#waiting = this.#waiting.map((one) => {
      const text = JSON.stringify(one);
      if (one.key === key || !text.includes(provisional)) return one;
      const write = JSON.parse(text.replaceAll(provisional, JSON.stringify(id))) as Waiting;
      renamed.push(write);
      return write;
    });
    return renamed;
  }

  /** What follows a write on the version that it was based on is based on the one that it has made. Returns those. */
  advanced({ noun, id, version, key }: Waiting, made: unknown): Waiting[] {
    if (version === undefined || made !== version + 1) return []; // somebody else was in between
    const later = this.#waiting.filter((one) => one.key !== key && one.noun === noun && one.id === id && one.version === version);
    for (const one of later) this.put({ ...one, version: made });
    return later.flatMap((one) => this.get(one.key) ?? []);
  }

  /** Those that need what the write with this key would have created. */
  dependents(key: string): Waiting[] {
    const provisional = JSON.stringify(PROVISIONAL + key);
    return this.#waiting.filter((one) => one.key !== key && JSON.stringify(one).includes(provisional));
  }

  /** A record as it will be when all that waits is done; undefined if it will not be there. */
  over(noun: string, id: string, record: AnyRecord | undefined): AnyRecord | undefined {
    return this.#waiting.reduce<AnyRecord | undefined>((before, write) => {
      if (write.noun !== noun) return before;
      if (write.id === undefined) {
        const made = { ...write.body, id: PROVISIONAL + write.key, version: 0, room: "" };
        return made.id === id ? made : before;
      }
      return write.id === id ? after(before, write) : before;
    }, record);
  }

  /** The ids of all records of a module that something waits for. */
  ids(noun: string): string[] {
    return this.#waiting.filter((one) => one.noun === noun).map(({ id, key }) => id ?? PROVISIONAL + key);
  }
}

export function touchedBy({ noun, id, key }: Waiting): string {
  return keyOf(noun, id ?? PROVISIONAL + key);
}

function after(record: AnyRecord | undefined, { method, verb, body }: Write): AnyRecord | undefined {
  if (!record || method === "DELETE") return undefined;
  const patch =
    method === "PATCH" ? body : verb === "archive" || verb === "restore" ? { archived: verb === "archive" } : undefined;
  if (!patch) return record;
  return { ...merge(record, patch), id: record.id, version: record.version, room: record.room };
}
