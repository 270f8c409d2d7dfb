/**
 * The order of one room. Pure: no clock, no randomness, no I/O; whoever feeds it decides when to ask the server.
 *
 * The rule: what is known of a room is exactly the log up to `position`. The next commit is let through, older ones are
 * repeats, newer ones wait. Whenever the log is known to reach further than that, the room says so by `need`.
 */

import type { Position, RoomReply, WireCommit } from "./protocol.js";

/** Commits of one room that may wait; those dropped beyond are asked for again. */
export const HELD = 256;

/**
 * `sync`: the log reaches further than our position, or may have changed its epoch: ask the server. `refetch`: no replay
 * leads on from where we were: load the state, then `reset` to its position.
 */
export type Need = "nothing" | "sync" | "refetch";

export class Room {
  protected at: Position | undefined;
  protected lost = false;
  /** What was known of the room may never have been: the server's tables were restored. Until the next `reset`. */
  begunAnew = false;
  protected held: WireCommit[] = [];
  /** By epoch, the highest seq heard of; outlives held commits that were dropped. */
  protected heads = new Map<string, number>();
  readonly #capacity: number;

  constructor(position?: Position, capacity = HELD) {
    this.at = position && { epoch: position.epoch, seq: position.seq };
    this.#capacity = capacity;
  }

  /** Everything up to here has been let through; undefined before the first `reset`, and while a refetch is due. */
  get position(): Position | undefined {
    return this.at;
  }

  get need(): Need {
    if (this.lost) return "refetch";
    const { at } = this;
    if (!at) return "sync";
    // Epochs have no order: a commit of another one is of the log's next life, or a late one of its last. Only the
    // server knows.
    return [...this.heads].some(([epoch, head]) => epoch !== at.epoch || head > at.seq) ? "sync" : "nothing";
  }

  /** The commits that are in order now: none, this one, or this one and those that waited for it. */
  receive(commit: WireCommit): WireCommit[] {
    if (this.covers(commit)) return [];
    this.heard(commit);
    if (!this.held.some((held) => isAt(held, commit))) this.held.push(commit);
    const released = this.#release();
    if (this.held.length > this.#capacity) {
      // The furthest is the last that would be of use, and `heads` remembers that it exists.
      const furthest = this.held.reduce((most, held) => (held.seq > most.seq ? held : most));
      this.held = this.held.filter((held) => held !== furthest);
    }
    return released;
  }

  /** The log is known to reach `head`. */
  heard(head: Position): void {
    this.heads.set(head.epoch, Math.max(head.seq, this.heads.get(head.epoch) ?? 0));
  }

  /**
   * Takes the reply to a `sync` sent with `asked`. No `reset` may come between the question and its reply.
   *
   * The replayed commits came as frames of their own; a reply is no proof that they arrived, so it never moves the
   * position.
   */
  resumed(asked: Position | undefined, head: RoomReply): void {
    this.held = this.held.filter((held) => held.epoch === head.epoch);
    this.heard(head);
    for (const epoch of this.heads.keys()) if (epoch !== head.epoch) this.heads.delete(epoch);
    // A log shorter than what we have seen of it was restored from a backup, even if nobody gave it a new epoch.
    const contradicts = asked && (asked.epoch !== head.epoch || asked.seq > head.seq);
    if (contradicts && asked.epoch) this.begunAnew = true;
    if (head.reset || !asked || contradicts) {
      this.at = undefined;
      this.lost = true;
    }
  }

  /** Goes on from `position`, the state up to which was loaded elsewhere. Returns the held commits after it. */
  reset(position: Position): WireCommit[] {
    this.at = { epoch: position.epoch, seq: position.seq };
    this.lost = false;
    this.begunAnew = false;
    this.held = this.held.filter((held) => !this.covers(held));
    return this.#release();
  }

  protected covers(position: Position): boolean {
    return this.at !== undefined && position.epoch === this.at.epoch && position.seq <= this.at.seq;
  }

  #release(): WireCommit[] {
    const released: WireCommit[] = [];
    while (this.at) {
      const next: Position = { epoch: this.at.epoch, seq: this.at.seq + 1 };
      const commit = this.held.find((held) => isAt(held, next));
      if (!commit) break;
      this.held = this.held.filter((held) => held !== commit);
      this.at = next;
      released.push(commit);
    }
    return released;
  }
}

function isAt(commit: Position, position: Position): boolean {
  return commit.epoch === position.epoch && commit.seq === position.seq;
}
