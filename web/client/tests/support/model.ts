/** A model of the server: rooms, logs and records in memory, saying what the wire would say. */

import { keyOf } from "../../src/cache.js";
import type { AnyRecord } from "../../src/cache.js";
import type { Document } from "../../src/merge-patch.js";
import type { Position, Positions, RoomReply, WireCommit } from "../../src/protocol.js";

export const NOUN = "escrow";
export const NORTH = "team:north";
export const MINE = "user:ava";

interface Replayed {
  readonly commits: WireCommit[];
  readonly rooms: Record<string, RoomReply>;
  readonly more: boolean;
}

/** One person's rooms. What moves to `elsewhere` leaves their sight. */
export class Model {
  readonly rooms: string[] = [];
  readonly records = new Map<string, AnyRecord>();
  /** Every commit, in the order it happened. */
  stream: WireCommit[] = [];
  readonly #logs = new Map<string, WireCommit[]>();
  readonly #epochs = new Map<string, string>();
  readonly #starts = new Map<string, number>();
  #lives = 0;

  constructor(...rooms: string[]) {
    for (const room of rooms) this.join(room);
    this.rebuild("elsewhere");
  }

  // What people do ----------------------------------------------------------------------------------------------------

  create(id: string, room = NORTH, fields: Document = {}, ref = false): AnyRecord {
    const record: AnyRecord = { id, version: 1, room, ...fields };
    this.records.set(id, record);
    this.#commit(room, "created", record, ref ? { ref } : { [NOUN]: record });
    return record;
  }

  update(id: string, changes: Document, ref = false): AnyRecord {
    const known = this.#known(id);
    const version = known.version + 1;
    const kept = Object.entries({ ...known, ...changes }).filter(([, value]) => value !== null);
    const record: AnyRecord = { ...Object.fromEntries(kept), id, room: known.room, version };
    this.records.set(id, record);
    this.#commit(record.room, "updated", record, ref ? { ref } : { changes: { ...changes, version } });
    return record;
  }

  delete(id: string): void {
    const known = this.#known(id);
    this.records.delete(id);
    this.#commit(known.room, "deleted", { ...known, version: known.version + 1 }, { reason: "deleted" });
  }

  move(id: string, room: string, ref = false): void {
    const known = this.#known(id);
    const record: AnyRecord = { ...known, room, version: known.version + 1 };
    this.records.set(id, record);
    this.#commit(known.room, "deleted", record, { reason: "moved" });
    this.#commit(room, "created", record, ref ? { ref } : { [NOUN]: record });
  }

  // What operators and time do ----------------------------------------------------------------------------------------

  /** The person is let into one more room. */
  join(room: string): void {
    this.rooms.push(room);
    this.rebuild(room);
  }

  leave(room: string): void {
    this.rooms.splice(this.rooms.indexOf(room), 1);
  }

  /** The log begins a new life. */
  rebuild(room: string): void {
    this.#epochs.set(room, `life-${++this.#lives}`);
    this.#logs.set(room, []);
    this.#starts.set(room, 0);
  }

  /** The oldest commits are kept no longer. */
  expire(room: string, commits: number): void {
    const gone = this.#log(room).splice(0, commits);
    this.#starts.set(room, this.#start(room) + gone.length);
  }

  // What the server answers -------------------------------------------------------------------------------------------

  head(room: string): Position {
    return { epoch: this.#epochs.get(room) ?? "", seq: this.#start(room) + this.#log(room).length };
  }

  heads(): Positions {
    return Object.fromEntries(this.rooms.map((room) => [room, this.head(room)]));
  }

  items(): AnyRecord[] {
    return [...this.records.values()].filter(({ room }) => this.rooms.includes(room));
  }

  /** What a client that holds everything has. */
  visible(): Record<string, AnyRecord> {
    return Object.fromEntries(this.items().map((record) => [keyOf(NOUN, record.id), record]));
  }

  sync(positions: Positions, part: boolean, limit: number): Replayed {
    const commits: WireCommit[] = [];
    const rooms: Record<string, RoomReply> = {};
    let more = false;
    for (const room of this.rooms) {
      const head = this.head(room);
      const { [room]: after } = positions;
      if (part && !after) continue;
      if (!after || after.epoch !== head.epoch || after.seq < this.#start(room) || after.seq > head.seq) {
        rooms[room] = { ...head, reset: true };
        continue;
      }
      const missed = this.#log(room).slice(after.seq - this.#start(room));
      const sent = missed.slice(0, limit - commits.length);
      commits.push(...sent);
      rooms[room] = { epoch: head.epoch, seq: after.seq + sent.length, reset: false };
      more ||= sent.length < missed.length;
    }
    return { commits, rooms, more };
  }

  #commit(room: string, verb: string, record: AnyRecord, content: Document): void {
    const data = { [`${NOUN}Id`]: record.id, version: record.version, updatedBy: "u1", ...content };
    this.tell([{ type: `${NOUN}:${verb}`, data }], room);
  }

  /** A commit of these events. */
  tell(events: WireCommit["events"], room = NORTH): void {
    const { epoch, seq } = this.head(room);
    const commit: WireCommit = {
      room,
      epoch,
      seq: seq + 1,
      id: `${room}-${seq + 1}`,
      at: "2026-03-01T09:00:00.000Z",
      by: "u1",
      events,
    };
    this.#log(room).push(commit);
    if (this.rooms.includes(room)) this.stream.push(commit);
  }

  #known(id: string): AnyRecord {
    const known = this.records.get(id);
    if (!known) throw new Error(`there is no ${id}`);
    return known;
  }

  #log(room: string): WireCommit[] {
    return this.#logs.get(room) ?? [];
  }

  #start(room: string): number {
    return this.#starts.get(room) ?? 0;
  }
}
