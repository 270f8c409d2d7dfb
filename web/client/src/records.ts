/** The records in use: what the log says of them, what requests bring of them, and who wants to know. */

import { abortable } from "./abortable.js";
import { backoff } from "./backoff.js";
import { isRecord, partsOf } from "./cache.js";
import type { AnyRecord, Cache, Key } from "./cache.js";
import type { Clock } from "./clock.js";
import { Problem, asClientError, protocolError } from "./errors.js";
import { paths } from "./fields.js";
import type { Document } from "./merge-patch.js";
import type { Lost } from "./listener.js";
import { readPositions } from "./protocol.js";
import type { Position, Positions, WireCommit } from "./protocol.js";
import type { Rest } from "./rest.js";

/** What an answer brings. `positions` were read before everything else in it. */
export interface Loaded {
  readonly items: Iterable<unknown>;
  readonly positions?: unknown;
}

/** Something on the screen that records are loaded for: it is loaded again when its rooms cannot be replayed. */
export interface Use {
  readonly noun: string;
  load(signal: AbortSignal): Promise<Loaded>;
}

export interface RecordsOptions {
  readonly cache: Cache;
  readonly rest: Rest;
  readonly clock: Clock;
  readonly random: () => number;
  /** Called with the keys of the records that look different now. */
  readonly changed: (keys: readonly Key[]) => void;
}

export class Records {
  readonly #options: RecordsOptions;
  readonly #uses = new Set<Use>();
  #fetching: AbortController | undefined;

  constructor(options: RecordsOptions) {
    this.#options = options;
  }

  /** Returns how to say that it is not in use any more. */
  use(use: Use): () => void {
    this.#uses.add(use);
    return () => this.#uses.delete(use);
  }

  /** Asks for records and takes them, as far as they are news by then. Resolves to the answer. */
  async load<Answer extends Loaded>(noun: string, ask: () => Promise<Answer>): Promise<Answer> {
    const { cache } = this.#options;
    const fetch = cache.fetching();
    try {
      const answer = await ask();
      this.#options.changed(cache.load(noun, recordsIn(answer.items), fetch));
      return answer;
    } finally {
      cache.done(fetch);
    }
  }

  /** Stops asking. */
  stop(): void {
    this.#fetching?.abort();
    this.#fetching = undefined;
  }

  // What a session tells ----------------------------------------------------------------------------------------------

  commit(commit: WireCommit): void {
    this.#options.changed(this.#options.cache.apply(commit));
    this.fetchWanted();
  }

  left(room: string): void {
    this.#options.changed(this.#options.cache.leave(room));
  }

  /** Loads again what is in use, and drops what else was known of these rooms. */
  async refetch(lost: Lost, signal: AbortSignal): Promise<Positions> {
    const { cache } = this.#options;
    for (const [room, { begunAnew }] of Object.entries(lost)) if (begunAnew) cache.beginAnew(room);
    const rooms = new Set(Object.keys(lost));
    const fetch = cache.fetching();
    try {
      const loaded = new Map<Use, Loaded>();
      // What comes into use meanwhile is no less in use.
      for (let due = [...this.#uses]; due.length > 0; due = [...this.#uses].filter((use) => !loaded.has(use))) {
        await Promise.all(due.map(async (use) => loaded.set(use, await abortable(use.load(signal), signal))));
        signal.throwIfAborted();
      }
      const answers = [...loaded].map(([{ noun }, { items }]) => [noun, recordsIn(items)] as const);
      this.#options.changed(cache.loadAll(answers, fetch, rooms));
      return earliest(
        lost,
        [...loaded.values()].flatMap(({ positions }) => (positions === undefined ? [] : [readPositions(positions)])),
      );
    } finally {
      cache.done(fetch);
    }
  }

  /** Gets, one by one, the records that a patch alone could not bring up to date. */
  fetchWanted(): void {
    if (this.#fetching || this.#options.cache.wanted.length === 0) return;
    this.#fetching = new AbortController();
    const { signal } = this.#fetching;
    void this.#fetchAll(signal)
      .catch(() => undefined) // stopped, or refused for good: the next commit asks again
      .finally(() => {
        if (!signal.aborted) this.#fetching = undefined;
      });
  }

  async #fetchAll(signal: AbortSignal): Promise<void> {
    const { cache, clock, random } = this.#options;
    for (let failures = 0; ;) {
      try {
        for (const key of cache.wanted) await this.#fetchOne(key, signal);
      } catch (error) {
        if (signal.aborted || !asClientError(error).retryable) throw error;
      }
      if (cache.wanted.length === 0) return;
      await clock.sleep(backoff(++failures, random), signal);
    }
  }

  async #fetchOne(key: Key, signal: AbortSignal): Promise<void> {
    const { cache, rest } = this.#options;
    const fetch = cache.fetching();
    try {
      if (!fetch.wanted.has(key)) return; // the log has brought it meanwhile
      const [noun, id] = partsOf(key);
      const path = paths[noun as keyof typeof paths] ?? `${noun}s`; // also a live state is too large to be sent, sometimes
      let record: Document | undefined;
      try {
        record = await rest.send("GET", `/${path}/${encodeURIComponent(id)}`, { signal });
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 404) throw error;
      }
      this.#options.changed(cache.loadWanted(key, record && oneRecord(record), fetch));
    } finally {
      cache.done(fetch);
    }
  }
}

function recordsIn(items: Iterable<unknown>): AnyRecord[] {
  return [...items].map(oneRecord);
}

function oneRecord(item: unknown): AnyRecord {
  if (!isRecord(item)) throw protocolError("the server sent no record");
  return withoutHints(item);
}

/** Warnings belong to the answer, not to the record. */
export function withoutHints({ warnings: _hints, ...record }: AnyRecord): AnyRecord {
  return record;
}

/** Of the rooms that were lost, from where every one of these answers can be followed. */
function earliest(lost: Positions, found: readonly Positions[]): Positions {
  if (found.length === 0) return lost;
  const positions: Record<string, Position> = {};
  for (const room of Object.keys(lost)) {
    for (const { [room]: position } of found) {
      const known = positions[room];
      if (position && (!known || (known.epoch === position.epoch && position.seq < known.seq))) {
        positions[room] = position;
      }
    }
  }
  return positions;
}
