/**
 * Keeps the records and the positions up to which they are known, so that a reload paints at once and resumes by replay.
 *
 * What is written together was true together: positions, and records that are at least as new. Of several tabs one
 * writes.
 */

import { isRecord } from "../cache.js";
import type { Key } from "../cache.js";
import type { Client } from "../client.js";
import { contractVersion } from "../fields.js";
import { isDocument } from "../merge-patch.js";
import { readPositions } from "../protocol.js";
import type { Positions } from "../protocol.js";
import type { Only, Store } from "./store.js";

const RECORD = "record/";
const POSITIONS = "positions";
const VERSION = "version";
const WRITER = "writer";
const SOON = 1_000;

/** Of what is kept: who finds another one begins afresh. */
const CURRENT = `1 ${contractVersion}`;

export class Keeper {
  readonly #client: Client;
  readonly #store: Store;
  readonly #writes: () => boolean;
  readonly #touched = new Set<Key>();
  #positions: Positions = {};
  #due: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #stopped = false;
  /** The name under which this tab writes; another takes its place with another name. */
  #claim: string | undefined;

  constructor(client: Client, store: Store, writes: () => boolean) {
    this.#client = client;
    this.#store = store;
    this.#writes = writes;
  }

  /** Takes what was kept into the client, which has not begun yet. */
  restore(kept: ReadonlyMap<string, unknown>): void {
    if (kept.get(VERSION) !== CURRENT) {
      this.#touchAll(kept); // they go with the first that is written
      return;
    }
    for (const [name, value] of kept) {
      if (name.startsWith(RECORD) && isRecord(value)) this.#client.cache.restore(name.slice(RECORD.length), value);
    }
    const positions = kept.get(POSITIONS);
    if (isDocument(positions)) this.#client.feed.reset((this.#positions = readPositions(positions)));
  }

  /** These look different now; or the positions do. */
  touch(keys: readonly Key[] = []): void {
    for (const key of keys) this.#touched.add(key);
    this.#due ??= this.#client.clock.after(SOON, () => void this.flush());
  }

  /** Writes what is due. */
  async flush(): Promise<void> {
    this.#due?.();
    this.#due = undefined;
    if (this.#stopped || !this.#writes()) return;
    // Of a room that is being loaded anew its epoch is kept: a page that comes back is told if the log has begun anew.
    const known = Object.entries(this.#positions).map(([room, { epoch }]) => [room, { epoch, seq: 0 }]);
    this.#positions = { ...Object.fromEntries(known), ...this.#client.feed.positions() };
    const changes = new Map<string, unknown>([
      [VERSION, CURRENT],
      [POSITIONS, this.#positions],
    ]);
    const found = new Map(this.#client.cache.entries());
    for (const key of this.#touched) changes.set(RECORD + key, found.get(key));
    // Of these the log has told more than we have: no replay from these positions would bring it again.
    for (const key of this.#client.cache.wanted) changes.set(RECORD + key, undefined);
    this.#touched.clear();
    if (this.#claim === undefined) await this.#write(changes);
    else await this.#write(changes, [WRITER, this.#claim]); // this page may have been frozen, and replaced
  }

  /** Writes everything, and removes what is there beside it: this tab writes from now on. */
  async keepAll(): Promise<void> {
    this.#claim = this.#client.environment.uuid();
    await this.#write(new Map([[WRITER, this.#claim]]));
    const kept = await this.#store.load();
    this.#touchAll(kept);
    for (const [key] of this.#client.cache.entries()) this.#touched.add(key);
    await this.flush();
  }

  /** Nothing is written any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#due?.();
    this.#due = undefined;
    await this.#writing;
  }

  #touchAll(kept: ReadonlyMap<string, unknown>): void {
    for (const name of kept.keys()) if (name.startsWith(RECORD)) this.#touched.add(name.slice(RECORD.length));
  }

  async #write(changes: ReadonlyMap<string, unknown>, only?: Only): Promise<void> {
    this.#writing = this.#writing.then(() => this.#store.write(changes, only));
    await this.#writing;
  }
}
