/** What the server does for those who work together, beside `server.ts`: beats, hints, locks. */

import type { Lock } from "../../src/collaboration/index.js";
import type { Document } from "../../src/merge-patch.js";
import { NORTH } from "./model.js";
import type { FakeServer, FakeSocket } from "./server.js";

export const BROKER = "broker:acme";

interface Beat {
  /** Seconds since nine. */
  readonly at: number;
  readonly active: boolean;
  readonly socket: FakeSocket;
}

export class Office {
  readonly server: FakeServer;
  readonly beats: Beat[] = [];
  readonly looks: Document[] = [];
  /** Seconds that the server says nobody has to be told. */
  again: number | undefined;
  /** It knows nothing of what is silent, nor of beats beside something else. */
  isOld = false;
  /** Nobody can see any record. */
  hides = false;
  readonly types: Document[] = [];
  /** By the id of the record. */
  readonly locks = new Map<string, Lock>();
  readonly #fences = new Map<string, number>();
  readonly #versions = new Map<string, number>();
  /** The socket that asked for it last, which is answered again without a token. */
  readonly #askedBy = new Map<string, FakeSocket>();
  /** Who asks. */
  user = "ava";
  readonly began: number;

  constructor(server: FakeServer) {
    this.server = server;
    this.began = server.time.truth();
    server.presenceSeconds = 25;
    server.actions.set("presence", ({ active, silent }, socket) => {
      if (this.isOld && silent !== undefined) return INVALID;
      this.beats.push({ at: this.seconds, active: active === true, socket });
      return {};
    });
    server.actions.set("view", (message, socket) => {
      if (this.isOld && (message.silent !== undefined || message.active !== undefined)) return INVALID;
      if (this.hides) return { code: "not_found", message: "no", retryable: false };
      if (message.active !== undefined) this.beats.push({ at: this.seconds, active: message.active === true, socket });
      this.looks.push(message);
      return this.again === undefined ? {} : { again: this.again };
    });
    server.actions.set("typing", (message) => {
      if (message.active !== undefined) return INVALID;
      this.types.push(message);
      return {};
    });
    server.actions.set("lock", ({ recordId, token, takeOver }, socket) => {
      const known = this.locks.get(String(recordId));
      const isRepeat = token === undefined && this.#askedBy.get(String(recordId)) === socket;
      const isOurs = known?.holder === this.user && (isRepeat || known.token === token);
      if (takeOver !== true && (known ? !isOurs : token !== undefined)) return LOCKED;
      this.#askedBy.set(String(recordId), socket);
      return { lock: this.lock(String(recordId), this.user, isOurs && takeOver !== true ? known?.token : undefined) };
    });
    server.actions.set("unlock", ({ recordId, token }) => {
      if (this.locks.get(String(recordId))?.token === token) this.unlock(String(recordId));
      return {};
    });
    server.others.set("/locks", () => ({ items: [...this.locks.values()], positions: server.model.heads() }));
    server.others.set("/presence", { items: [], positions: {} });
  }

  get seconds(): number {
    return (this.server.time.truth() - this.began) / 1_000;
  }

  /** Takes, or prolongs, and tells. */
  lock(recordId: string, holder: string, token?: number): Lock {
    const id = `escrow:${recordId}`;
    const fence = token ?? (this.#fences.get(recordId) ?? 0) + 1;
    const known = this.locks.get(recordId);
    this.#fences.set(recordId, fence);
    const lock: Lock = {
      id,
      version: this.#next(recordId),
      room: NORTH,
      updatedAt: this.at(0),
      updatedBy: holder,
      noun: "escrow",
      recordId,
      holder,
      token: fence,
      since: token === undefined ? this.at(0) : (known?.since ?? this.at(0)),
      until: this.at(300),
      ...(known && known.holder !== holder && { takenFrom: known.holder }),
    };
    this.locks.set(recordId, lock);
    this.tell("escrow:locked", { lockId: id, version: lock.version, updatedBy: holder, lock });
    return lock;
  }

  unlock(recordId: string): void {
    this.locks.delete(recordId);
    const version = this.#next(recordId);
    this.tell("escrow:unlocked", { lockId: `escrow:${recordId}`, version, updatedBy: this.user, room: NORTH });
  }

  tell(type: string, data: Document, room = NORTH): void {
    this.server.model.tell([{ type, data }], room);
    this.server.publish();
  }

  /** That many seconds from now. */
  at(seconds: number): string {
    return new Date(this.server.time.truth() + seconds * 1_000).toISOString();
  }

  /** The longest that the server has heard of nobody, in seconds, until now. */
  longestSilence(since = 0): number {
    const times = [since, ...this.beats.map(({ at }) => at).filter((at) => at >= since), this.seconds];
    return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
  }

  #next(recordId: string): number {
    const version = (this.#versions.get(recordId) ?? 0) + 1;
    this.#versions.set(recordId, version);
    return version;
  }
}

const INVALID: Document = { code: "invalid_message", message: "no such field", retryable: false };

export const LOCKED: Document = { code: "locked", message: "somebody is at work on this record", retryable: false };

/** A person as the roster has them. */
export function person(id: string, status: string, version = 1): Document {
  const at = "2026-03-01T09:00:00.000Z";
  return { id, version, room: BROKER, updatedAt: at, updatedBy: id, status, since: at };
}

export function personTold(id: string, status: string, version: number): [type: string, data: Document] {
  return [`user:presence:${status}`, { presenceId: id, version, updatedBy: id, presence: person(id, status, version) }];
}
