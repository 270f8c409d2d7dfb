/** The wire: positions, commits and the frames that carry them. Pure; docs/protocol.md is its description. */

import { Refused, protocolError } from "./errors.js";
import { isDocument } from "./merge-patch.js";
import type { Document } from "./merge-patch.js";

export const MAX_FRAME_BYTES = 32 * 1024; // API Gateway closes a socket that sends more
const PART_BYTES = 24_000; // of positions in one `sync`

/** A place in a room's log: everything up to `seq` of the log's life `epoch`. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** By room. */
export type Positions = Readonly<Record<string, Position>>;

/** As it comes. Its data are not what the contract says before somebody has looked at `type`. */
export interface WireEvent {
  readonly type: string;
  readonly data: Document;
}

/** The commit at its position in the log of its room. */
export interface WireCommit extends Position {
  readonly room: string;
  readonly id: string;
  readonly at: string;
  readonly by: string;
  readonly events: readonly WireEvent[];
}

/** Commits, or hints that are not kept anywhere. */
export type News = { readonly commits: readonly WireCommit[] } | { readonly ephemeral: readonly WireEvent[] };

export type Frame =
  | News
  /** `reply` is null when the server could not read which request it is answering. */
  | { readonly reply: string | null; readonly content: Document; readonly error?: Refused }
  /** Why the server is about to close the socket. */
  | { readonly closing: Refused }
  /** API Gateway's own words, when it throttles what the client says, or when the function behind it failed. */
  | { readonly fault: Refused };

/** A room in the reply to `sync`: replayed up to its position, or `reset`: the log cannot tell what was missed. */
export interface RoomReply extends Position {
  readonly reset: boolean;
}

/** Every room of the connection; of a part, those that it named. `more`: ask again. */
export interface SyncReply {
  readonly rooms: Readonly<Record<string, RoomReply>>;
  readonly more: boolean;
}

/** A frame from the server; undefined for a kind that this client does not know. Throws what is no frame. */
export function readFrame(text: string): Frame | undefined {
  return reading("a frame", () => {
    const content = object(JSON.parse(text));
    if ("commits" in content) return { commits: list(content.commits).map(commit) };
    if ("ephemeral" in content) return { ephemeral: list(content.ephemeral).map(event) };
    if ("reply" in content) {
      const reply = content.reply === null ? null : textOf(content.reply);
      return content.ok === true ? { reply, content } : { reply, content, error: refusal(content.error) };
    }
    if ("closing" in content) return { closing: refusal(content.closing) };
    if ("connectionId" in content) {
      return { fault: new Refused("gateway", `API Gateway says: ${textOf(content.message)}`) };
    }
    return undefined;
  });
}

export function readSync(content: Document): SyncReply {
  return reading("the reply to sync", () => ({
    rooms: each(content.rooms, (room) => ({ ...position(room), reset: object(room).reset === true })),
    more: content.more === true,
  }));
}

/** As in the reply to `ping` and in a list. */
export function readPositions(rooms: unknown): Positions {
  return reading("positions", () => each(rooms, position));
}

/** As many of them at a time as one frame takes. */
export function parts(positions: Positions): Positions[] {
  const found: Record<string, Position>[] = [];
  let left = 0;
  for (const [room, place] of Object.entries(positions)) {
    const size = bytesOf(JSON.stringify({ [room]: place }));
    const last = found.at(-1);
    if (last && size <= left) last[room] = place;
    else {
      found.push({ [room]: place });
      left = PART_BYTES;
    }
    left -= size;
  }
  return found.length > 0 ? found : [{}];
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Throws a ClientError instead of the errors that taking apart the wrong JSON leads to. */
export function reading<Read>(what: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    throw protocolError(`the server sent ${what} that is not as agreed: ${String(error)}`);
  }
}

export function object(value: unknown): Document {
  if (!isDocument(value)) throw new TypeError("no object");
  return value;
}

export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("no list");
  return value;
}

export function textOf(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("no text");
  return value;
}

function each<Value>(rooms: unknown, read: (room: unknown) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(object(rooms)).map(([name, room]) => [name, read(room)]));
}

function position(value: unknown): Position {
  const { epoch, seq } = object(value);
  if (!Number.isInteger(seq)) throw new TypeError("no position");
  return { epoch: textOf(epoch), seq: Number(seq) };
}

/** Checked, and otherwise as it came. */
function commit(value: unknown): WireCommit {
  const content = object(value);
  position(content);
  for (const name of ["room", "id", "at", "by"]) textOf(content[name]);
  list(content.events).forEach(event);
  return content as unknown as WireCommit;
}

function event(value: unknown): WireEvent {
  const content = object(value);
  textOf(content.type);
  object(content.data);
  return content as unknown as WireEvent;
}

function refusal(value: unknown): Refused {
  const { code, message, retryable, retryAfterSeconds } = object(value);
  return new Refused(textOf(code), textOf(message), {
    retryable: retryable === true,
    retryAfter: typeof retryAfterSeconds === "number" ? retryAfterSeconds * 1_000 : 0,
  });
}
