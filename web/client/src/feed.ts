/** All rooms of one person, in order. Pure, like `room.ts`: frames and replies in, ordered commits and needs out. */

import { parts } from "./protocol.js";
import type { Lost } from "./listener.js";
import type { Position, Positions, SyncReply, WireCommit } from "./protocol.js";
import { Room } from "./room.js";

/** No log has such an epoch: who names it is told to begin afresh. */
export const NOWHERE: Position = { epoch: "", seq: 0 };

/** Rooms are independent: the order between commits of two rooms means nothing. */
export class Feed {
  readonly #rooms = new Map<string, Room>();
  /** Where the last sync found the logs. */
  readonly #heads = new Map<string, Position>();
  readonly #newRoom: (position?: Position) => Room;
  #roomsChanged = false;

  constructor(positions: Positions = {}, newRoom: (position?: Position) => Room = (position) => new Room(position)) {
    this.#newRoom = newRoom;
    for (const [name, position] of Object.entries(positions)) this.#rooms.set(name, newRoom(position));
  }

  /** How far each room is known. Rooms without a position are left out. */
  positions(): Positions {
    const known: Record<string, Position> = {};
    for (const [name, { position }] of this.#rooms) if (position) known[name] = position;
    return known;
  }

  /** The positions that a `sync` sends; several of them if they do not fit into one frame: its parts. */
  questions(): Positions[] {
    const whole = this.positions();
    if (parts(whole).length === 1) return [whole];
    const all: Record<string, Position> = {};
    for (const [name, room] of this.#rooms) all[name] = room.position ?? NOWHERE;
    return parts(all);
  }

  /** There is something that only a `sync` can tell. */
  get behind(): boolean {
    return this.#roomsChanged || [...this.#rooms.values()].some((room) => room.need === "sync");
  }

  /** The rooms to refetch. */
  get lost(): Lost {
    const lost: Record<string, Lost[string]> = {};
    for (const [name, room] of this.#rooms) {
      const head = this.#heads.get(name);
      if (head && room.need === "refetch") lost[name] = room.begunAnew ? { ...head, begunAnew: true } : head;
    }
    return lost;
  }

  /** Something is missing, also between finding rooms lost and fetching them. */
  get lacking(): boolean {
    return this.behind || Object.keys(this.lost).length > 0;
  }

  /** The commits that are in order now. */
  receive(commits: readonly WireCommit[]): WireCommit[] {
    return commits.flatMap((commit) => this.#room(commit.room).receive(commit));
  }

  /** Takes the heads of all rooms of the connection, as `ping` tells them. */
  heard(heads: Positions): void {
    for (const [name, head] of Object.entries(heads)) this.#room(name).heard(head);
    this.#roomsChanged ||= !this.#within(heads);
  }

  /**
   * Takes the reply to a `sync` sent with the positions `asked`. Returns the rooms we are in no longer.
   *
   * `part`: others were sent besides, and once all have their replies, `joined` tells of rooms that none named.
   */
  resumed(asked: Positions, reply: SyncReply, part = false): string[] {
    const isAll = !part && !reply.more;
    const left = [...this.#rooms.keys()].filter((name) => !(name in reply.rooms) && (isAll || name in asked));
    for (const name of left) {
      this.#rooms.delete(name);
      this.#heads.delete(name);
    }
    for (const [name, room] of Object.entries(reply.rooms)) {
      this.#room(name).resumed(asked[name], room);
      this.#heads.set(name, { epoch: room.epoch, seq: room.seq });
    }
    if (isAll) this.#roomsChanged = false;
    return left;
  }

  /** Takes all rooms of the connection, after a `sync` in parts. */
  joined(rooms: Positions): void {
    for (const name of Object.keys(rooms)) this.#room(name);
    this.#roomsChanged = !this.#within(rooms);
  }

  /** Goes on from `positions` in these rooms. Returns the commits that had been waiting after them. */
  reset(positions: Positions): WireCommit[] {
    return Object.entries(positions).flatMap(([name, position]) => this.#room(name).reset(position));
  }

  #within(rooms: Positions): boolean {
    return [...this.#rooms.keys()].every((name) => name in rooms);
  }

  #room(name: string): Room {
    let room = this.#rooms.get(name);
    if (!room) this.#rooms.set(name, (room = this.#newRoom()));
    return room;
  }
}
