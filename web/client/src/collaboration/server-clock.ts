/** The server's time, whatever this machine believes. */

import type { Client } from "../client.js";
import type { Told } from "../gate.js";

const TICKET_LIFE = 30_000;
const BEAT = 25_000; // of a server that does not say

export class ServerClock {
  readonly #client: Client;
  #told: Told | undefined;
  /** The server's time when `elapsed` was 0. */
  #began: number | undefined;
  #beat = BEAT;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * Milliseconds since 1970. Never behind, and ahead by no more than a request takes: a ticket is as old as its request
   * at least. So nobody believes in what has ended.
   */
  now(): number {
    const { clock, environment } = this.#client;
    this.#read();
    return this.#began === undefined ? environment.now() : this.#began + clock.elapsed();
  }

  /** Milliseconds from one beat of a person's presence to the next. */
  get beat(): number {
    this.#read();
    return this.#beat;
  }

  /** Another tab, which has the socket, knows. `at`: when it said so, by this machine's clock: a busy tab hears it late. */
  heard(now: number, at: number, beat: number): void {
    const { clock, environment } = this.#client;
    this.#began = now + Math.max(0, environment.now() - at) - clock.elapsed();
    this.#beat = beat;
  }

  /** Milliseconds until then; less than none, if it is over. */
  left(moment: string | number): number {
    return (typeof moment === "number" ? moment : Date.parse(moment)) - this.now();
  }

  /**
   * The same moment by this machine's clock, as `Date.now()` will say then, or earlier by as much as a request takes: to count
   * down to, not to be named.
   */
  here(moment: string): number {
    return this.#client.environment.now() + this.left(moment);
  }

  #read(): void {
    const { told } = this.#client.gate;
    if (!told || told === this.#told) return;
    this.#told = told;
    const { expiresAt, presenceSeconds } = told.content;
    const ends = Date.parse(String(expiresAt));
    if (!Number.isNaN(ends)) this.#began = ends - TICKET_LIFE - told.askedAt;
    if (typeof presenceSeconds === "number") this.#beat = presenceSeconds * 1_000;
  }
}
