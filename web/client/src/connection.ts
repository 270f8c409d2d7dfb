/** One socket while it lives: requests find their replies, everything else is handed on. */

import { abortable } from "./abortable.js";
import type { Clock } from "./clock.js";
import type { Socket } from "./environment.js";
import { ClientError, asClientError, protocolError } from "./errors.js";
import type { Document } from "./merge-patch.js";
import { MAX_FRAME_BYTES, bytesOf, readFrame } from "./protocol.js";
import type { News } from "./protocol.js";

const MAX_PENDING = 64;
const OPEN_WITHIN = 10_000;
const TOO_BIG = 1009;

interface Pending {
  readonly settle: (reply: Document | ClientError) => void;
}

export interface Hearing {
  news(news: News): void;
  /** Once, with the reason. */
  ended(error: ClientError): void;
}

export class Connection {
  /** The last time that commits arrived: replies do not tell whether any are missing. */
  heardAt: number;
  /** Milliseconds from the last request to its reply. */
  latency: number | undefined;

  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #hearing: Hearing;
  readonly #replyWithin: number;
  readonly #pending = new Map<string, Pending>();
  #asked = 0;
  #ended: ClientError | undefined;
  #drained: (() => void) | undefined;

  constructor(socket: Socket, clock: Clock, hearing: Hearing, replyWithin: number) {
    this.#socket = socket;
    this.#clock = clock;
    this.#hearing = hearing;
    this.#replyWithin = replyWithin;
    this.heardAt = clock.elapsed();
    socket.onmessage = ({ data }) => {
      try {
        this.#take(data);
      } catch (error) {
        this.end(asClientError(error));
      }
    };
    socket.onclose = ({ code, reason }) => {
      this.end(closed(code, reason));
    };
  }

  /** The server's reply. Rejects with what it refuses, with `timed_out`, or with what ended the socket. */
  async request(action: string, content: Document = {}, within = this.#replyWithin): Promise<Document> {
    if (this.#ended) throw this.#ended;
    if (this.#pending.size >= MAX_PENDING) {
      throw new ClientError("too_many_requests", `${MAX_PENDING} requests wait for a reply`);
    }
    const id = String(++this.#asked);
    const text = JSON.stringify({ action, id, ...content });
    if (bytesOf(text) > MAX_FRAME_BYTES) throw tooLarge();
    const askedAt = this.#clock.elapsed();
    return new Promise((resolve, reject) => {
      const settle = (reply: Document | ClientError): void => {
        calledOff();
        this.#pending.delete(id);
        if (reply instanceof ClientError) reject(reply);
        else {
          this.latency = this.#clock.elapsed() - askedAt;
          resolve(reply);
        }
        if (this.#pending.size === 0) this.#drained?.();
      };
      const late = new ClientError("timed_out", `no reply to ${action} within ${within / 1_000} s`);
      const calledOff = this.#clock.after(within, () => settle(late), { patient: true });
      this.#pending.set(id, { settle });
      this.#socket.send(text);
    });
  }

  /** Resolves once no request waits for a reply. */
  async answered(): Promise<void> {
    if (this.#pending.size > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
  }

  /** Says goodbye, if there is still someone to hear it, and tells everyone who waits. */
  end(error: ClientError): void {
    if (this.#ended) return;
    this.#ended = error;
    hangUp(this.#socket);
    for (const { settle } of this.#pending.values()) settle(error);
    this.#hearing.ended(error);
  }

  #take(data: unknown): void {
    if (typeof data !== "string") throw protocolError("the server sent a binary frame");
    const frame = readFrame(data);
    if (!frame) return; // of a kind that is newer than this client
    if ("commits" in frame || "ephemeral" in frame) {
      if ("commits" in frame) this.heardAt = this.#clock.elapsed();
      this.#hearing.news(frame);
    }
    else if ("closing" in frame) throw frame.closing;
    else if ("fault" in frame) {
      // API Gateway does not say which request failed. Of several, each is answered, or is not, within its time.
      const [only, ...others] = this.#pending.values();
      if (others.length === 0) only?.settle(frame.fault);
    } else if (frame.reply !== null) {
      // One that comes too late is nobody's.
      this.#pending.get(frame.reply)?.settle(frame.error ?? frame.content);
    } else if (frame.error) throw frame.error; // it could not even read what we said: this connection is of no use
  }
}

/** Resolves once it is open. A browser tells nothing of a refused handshake: the ticket's request has to. */
export async function opened(socket: Socket, clock: Clock, signal: AbortSignal): Promise<Socket> {
  let stop = (): void => undefined;
  const open = new Promise<Socket>((resolve, reject) => {
    const fail = (): void => reject(new ClientError("unreachable", "the live connection could not be opened"));
    socket.onopen = () => resolve(socket);
    socket.onclose = fail;
    stop = clock.after(OPEN_WITHIN, fail, { patient: true });
  });
  try {
    return await abortable(open, signal);
  } catch (error) {
    hangUp(socket);
    throw error;
  } finally {
    stop();
  }
}

/** Without waiting for an answer, which a network that is gone never brings. */
function hangUp(socket: Socket): void {
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
}

/** Who sent it would send it again on the next connection: that is not one to be made. */
function tooLarge(): ClientError {
  return new ClientError("frame_too_large", `a frame may hold ${MAX_FRAME_BYTES} bytes`, { retryable: false });
}

function closed(code: number, reason: string): ClientError {
  if (code === TOO_BIG) return tooLarge();
  const why =
    code === 1006 ? "the connection broke" : `the server closed the socket (${code}${reason && `: ${reason}`})`;
  return new ClientError("disconnected", why);
}
