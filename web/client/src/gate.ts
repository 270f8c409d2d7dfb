/** Where sockets come from: a ticket for each, of a token that is good for a while. */

import type { Clock } from "./clock.js";
import { opened } from "./connection.js";
import type { Environment, Socket } from "./environment.js";
import type { Document } from "./merge-patch.js";
import { reading, textOf } from "./protocol.js";
import type { Rest } from "./rest.js";

const TICKET_LIFE = 30_000;

/** An open socket. */
export interface Link {
  readonly socket: Socket;
  /** Milliseconds until the session behind it ends. */
  readonly lasts: number;
  /** Milliseconds of silence after which the server wants to be asked. */
  readonly silence: number;
}

/** What prolongs a connection: the content of an `auth`, and how long the session lasts from then on. */
export interface Renewal {
  readonly ticket: string;
  readonly lasts: number;
}

/** What the server has said with the last ticket, and when it was asked for it, on the clock of whoever asked. */
export interface Told {
  readonly content: Document;
  readonly askedAt: number;
}

export interface Gate {
  /** Of the tab that has the socket. */
  readonly told?: Told | undefined;
  /** Whether this tab has the socket; absent: there is no other. */
  readonly leads?: boolean;
  open(signal: AbortSignal): Promise<Link>;
  /** Of a new token. */
  renew(signal: AbortSignal): Promise<Renewal>;
  /** Somebody looks, or the network is back. `retry`: a person wants it. */
  wake?(retry: boolean): void;
  /** Nothing is wanted of it before it is asked to open again. */
  close?(): void;
}

interface Ticket extends Renewal {
  readonly url: string;
  readonly silence: number;
}

export class TicketGate implements Gate {
  told: Told | undefined;
  readonly #rest: Rest;
  readonly #clock: Clock;
  readonly #environment: Environment;

  constructor(rest: Rest, clock: Clock, environment: Environment) {
    this.#rest = rest;
    this.#clock = clock;
    this.#environment = environment;
  }

  async open(signal: AbortSignal): Promise<Link> {
    const { url, lasts, silence } = await this.#ticket(signal);
    signal.throwIfAborted();
    const socket = await opened(this.#environment.socket(url), this.#clock, signal);
    return { socket, lasts, silence };
  }

  async renew(signal: AbortSignal): Promise<Renewal> {
    await this.#rest.freshToken();
    signal.throwIfAborted();
    return this.#ticket(signal);
  }

  async #ticket(signal: AbortSignal): Promise<Ticket> {
    const askedAt = this.#clock.elapsed();
    const content = await this.#rest.send("POST", "/realtime/tickets", { signal });
    this.told = { content, askedAt };
    const { url, ticket, expiresAt, sessionExpiresAt, pingSeconds } = content;
    return reading("a ticket", () => ({
      url: textOf(url),
      ticket: textOf(ticket),
      // Both times are the server's: this machine's clock may be wrong.
      lasts: moment(sessionExpiresAt) - moment(expiresAt) + TICKET_LIFE,
      silence: typeof pingSeconds === "number" ? pingSeconds * 1_000 : 240_000,
    }));
  }
}

function moment(time: unknown): number {
  const milliseconds = Date.parse(textOf(time));
  if (Number.isNaN(milliseconds)) throw new TypeError("no time");
  return milliseconds;
}
