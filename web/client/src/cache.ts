/**
 * Records by key, kept up to date by commits and by what requests answer. Pure: it asks for nothing itself.
 *
 * Three kinds of news arrive in any order relative to each other: the commits of one room (in order), those of another
 * room, and answers to requests, which are as old as the moment when the server read them. Versions settle all of it but
 * one case: a deletion leaves no version behind. So an answer is loaded together with the `Fetch` that was begun before
 * its request was sent, and which remembers what was deleted meanwhile.
 */

import { isDocument, merge } from "./merge-patch.js";
import type { Document } from "./merge-patch.js";
import type { WireCommit, WireEvent } from "./protocol.js";

/** Never changed in place. */
export interface AnyRecord extends Document {
  readonly id: string;
  readonly version: number;
  readonly room: string;
}

/** `<noun>/<id>` */
export type Key = string;

export function keyOf(noun: string, id: string): Key {
  return `${noun}/${id}`;
}

/** The noun and the id. */
export function partsOf(key: Key): [noun: string, id: string] {
  const slash = key.indexOf("/");
  return [key.slice(0, slash), key.slice(slash + 1)];
}

/** A version of a record, and the room that told of it. */
interface Seen {
  readonly version: number;
  readonly room: string;
}

/** A request on its way, and what the cache learned since it was begun. */
export interface Fetch {
  /** As it was when the request was sent. */
  readonly wanted: ReadonlyMap<Key, Seen>;
  readonly deleted: Map<Key, Seen[]>;
  /** Of records that were not known: the answer may be of before. */
  readonly changed: Map<Key, [Seen, unknown][]>;
  /** Rooms left, or loaded afresh. */
  readonly renewed: Set<string>;
  /** Rooms of which whatever was read before may never have been. */
  readonly void: Set<string>;
}

export class Cache {
  readonly #partial: boolean;
  readonly #records = new Map<Key, AnyRecord>();
  readonly #wanted = new Map<Key, Seen>();
  readonly #inFlight = new Set<Fetch>();

  /** `partial`: it does not hold all records, so changes of unknown ones do not concern it. */
  constructor({ partial = false } = {}) {
    this.#partial = partial;
  }

  get(noun: string, id: string): AnyRecord | undefined {
    return this.#records.get(keyOf(noun, id));
  }

  /** Every record with its key. */
  entries(): Iterable<[Key, AnyRecord]> {
    return this.#records.entries();
  }

  /** The records of a module. */
  all(noun: string): AnyRecord[] {
    const start = keyOf(noun, "");
    return [...this.#records].filter(([key]) => key.startsWith(start)).map(([, record]) => record);
  }

  /** The records to be fetched one by one: a patch of theirs was missing, or too large to be sent. */
  get wanted(): Key[] {
    return [...this.#wanted.keys()];
  }

  /** Begins with what was kept from another time, up to positions that were kept with it. */
  restore(key: Key, record: AnyRecord): void {
    this.#records.set(key, record);
  }

  // The log -----------------------------------------------------------------------------------------------------------

  /** Applies the next commit of its room. Returns the records that look different now. */
  apply({ room, events }: Pick<WireCommit, "room" | "events">): Key[] {
    return events.flatMap((event) => this.#apply(room, event));
  }

  /** Forgets everything in a room that this person is no longer in. */
  leave(room: string): Key[] {
    this.#outlive(room, "renewed");
    return this.#drop((_key, record) => record.room === room);
  }

  /** What is held of the room stays in sight, and gives way to whatever is loaded next: its versions mean nothing any more. */
  beginAnew(room: string): void {
    this.#outlive(room, "void");
    for (const [key, record] of this.#records) if (record.room === room) this.#records.set(key, { ...record, version: 0 });
  }

  #outlive(room: string, how: "renewed" | "void"): void {
    for (const [key, seen] of this.#wanted) if (seen.room === room) this.#wanted.delete(key);
    for (const fetch of this.#inFlight) fetch[how].add(room);
  }

  // Answers to requests -----------------------------------------------------------------------------------------------

  /** To be called before the first try of a request; and `done` when its answer has been loaded, or will never be. */
  fetching(): Fetch {
    const fetch: Fetch = {
      wanted: new Map(this.#wanted),
      deleted: new Map(),
      changed: new Map(),
      renewed: new Set(),
      void: new Set(),
    };
    this.#inFlight.add(fetch);
    return fetch;
  }

  done(fetch: Fetch): void {
    this.#inFlight.delete(fetch);
  }

  /** Takes the records of an answer, as far as they are news. Returns those that look different now. */
  load(noun: string, records: Iterable<AnyRecord>, fetch: Fetch): Key[] {
    const changed: Key[] = [];
    for (const record of records) {
      const key = keyOf(noun, record.id);
      if (outlived(fetch, key, record, this.#records.get(key))) continue;
      changed.push(...this.#keep(key, record));
      for (const [change, patch] of fetch.changed.get(key) ?? []) changed.push(...this.#change(key, change, patch, false));
    }
    return changed;
  }

  /**
   * Takes complete lists of `rooms`, by nouns; what they do not show there is no longer there.
   *
   * Only for rooms whose commits have been held back since before the lists were asked for: they must be applied from
   * the lists' positions on afterwards. What they show in other rooms is left to their logs; they may show some that this
   * person was in for a moment, and whose logs will never take anything away again.
   */
  loadAll(lists: Iterable<readonly [string, readonly AnyRecord[]]>, fetch: Fetch, rooms: ReadonlySet<string>): Key[] {
    const places = new Set<string>();
    const changed: Key[] = [];
    for (const [noun, records] of lists) {
      const listed = records.filter(({ room }) => rooms.has(room));
      for (const { id, room } of listed) places.add(`${keyOf(noun, id)} ${room}`);
      changed.push(...this.load(noun, listed, fetch));
    }
    for (const other of this.#inFlight) {
      // It may have read what the lists have no more.
      if (other !== fetch) for (const room of rooms) other.renewed.add(room);
    }
    return [...changed, ...this.#drop((key, { room }) => rooms.has(room) && !places.has(`${key} ${room}`))];
  }

  /**
   * Takes the answer to the request for a wanted record, undefined if there is none. Returns it if it looks different.
   *
   * In another room than it was wanted for, it is left to that room's log, if this person is in there at all. Nothing
   * goes on the word alone that it was not found: if it was deleted, the log of its room says so, and one that was
   * moving just then can be missed.
   */
  loadWanted(key: Key, record: AnyRecord | undefined, fetch: Fetch): Key[] {
    const wanted = fetch.wanted.get(key);
    if (record && wanted && record.room === wanted.room) return this.load(partsOf(key)[0], [record], fetch);
    if (this.#wanted.get(key) === wanted) this.#wanted.delete(key); // and has not been heard of since
    return [];
  }

  // -------------------------------------------------------------------------------------------------------------------

  #apply(room: string, { type, data }: WireEvent): Key[] {
    // A live state's events need not be named after it: `escrow:locked` tells of a lock, and has its id.
    const idName = Object.keys(data).find((name) => name.endsWith("Id")) ?? "";
    const noun = idName.slice(0, -2);
    const { [idName]: id, [noun]: whole, version, changes } = data;
    if (typeof id !== "string" || typeof version !== "number") return []; // not about a record
    const key = keyOf(noun, id);
    const seen: Seen = { version, room };
    if (data.room || type.endsWith(":deleted")) return this.#delete(key, seen); // of a live state, the room it was in
    if (isRecord(whole)) return this.#keep(key, whole);
    return this.#change(key, seen, changes, type.endsWith(":created"));
  }

  /** `patch` leads to the version of `change`; it is absent if it was too large to be sent. */
  #change(key: Key, change: Seen, patch: unknown, isNew: boolean): Key[] {
    const known = this.#records.get(key);
    if (!known) for (const { changed } of this.#inFlight) changed.set(key, [...(changed.get(key) ?? []), [change, patch]]);
    if (known && known.version >= change.version) return [];
    if (known && known.version === change.version - 1 && isDocument(patch)) {
      return this.#keep(key, { ...merge(known, patch), id: known.id, room: known.room, version: change.version });
    }
    const wanted = this.#wanted.get(key);
    if (known || isNew || wanted || !this.#partial) {
      this.#wanted.set(key, wanted && wanted.version > change.version ? wanted : change);
    }
    return [];
  }

  #delete(key: Key, deletion: Seen): Key[] {
    for (const { deleted } of this.#inFlight) deleted.set(key, [...(deleted.get(key) ?? []), deletion]);
    const wanted = this.#wanted.get(key);
    if (wanted && wanted.room === deletion.room && wanted.version <= deletion.version) this.#wanted.delete(key);
    const known = this.#records.get(key);
    // A record that has come here from there does not go when we hear of its departure late.
    if (!known || known.room !== deletion.room || known.version > deletion.version) return [];
    this.#records.delete(key);
    return [key];
  }

  /** `record`, if it is newer than ours. */
  #keep(key: Key, record: AnyRecord): Key[] {
    const wanted = this.#wanted.get(key);
    if (wanted && wanted.version <= record.version) this.#wanted.delete(key);
    const known = this.#records.get(key);
    if (known && known.version >= record.version) return [];
    this.#records.set(key, record);
    return [key];
  }

  #drop(isGone: (key: Key, record: AnyRecord) => boolean): Key[] {
    const gone = [...this.#records].filter(([key, record]) => isGone(key, record)).map(([key]) => key);
    for (const key of gone) this.#records.delete(key);
    return gone;
  }
}

export function isRecord(value: unknown): value is AnyRecord {
  return (
    isDocument(value) &&
    typeof value.id === "string" &&
    typeof value.version === "number" &&
    typeof value.room === "string"
  );
}

/** The record was read before something that we know of already, and that versions do not show. */
function outlived(fetch: Fetch, key: Key, record: AnyRecord, known: AnyRecord | undefined): boolean {
  if (fetch.void.has(record.room)) return true;
  // If it is still there, the list or the log tells so.
  if (fetch.renewed.has(record.room) && known?.room !== record.room) return true;
  return (fetch.deleted.get(key) ?? []).some(
    // A move deletes from one room and creates in another under the same version.
    (gone) => record.version < gone.version || (record.version === gone.version && record.room === gone.room),
  );
}
