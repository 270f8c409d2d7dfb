/** One socket of a session, from its ticket to its goodbye. */

import { abortable } from "./abortable.js";
import { backoff } from "./backoff.js";
import type { Bell } from "./bell.js";
import type { Clock } from "./clock.js";
import { Connection } from "./connection.js";
import { ClientError, Refused, asClientError } from "./errors.js";
import type { Gate } from "./gate.js";
import { readPositions } from "./protocol.js";
import type { Synchronizer } from "./synchronizer.js";
import type { Timings } from "./timings.js";

const WAKING = 5_000; // within which a socket that may have died in the machine's sleep has to answer
const JUST_HEARD = 1_000;

export type CatchUp = (connection: Connection, signal: AbortSignal) => Promise<void>;

export interface RunOptions {
  readonly gate: Gate;
  readonly synchronizer: Synchronizer;
  readonly timings: Timings;
  readonly clock: Clock;
  readonly random: () => number;
  /** Hastens the next ping. */
  readonly woken: Bell;
}

/** Begins by itself. `catchUp` is called once the socket is open. */
export class SocketRun {
  /** Resolves when nothing is missing any more. */
  readonly whole: Promise<void>;
  /** Resolves when the socket has ended, to the reason. */
  readonly ended: Promise<ClientError>;
  /** Aborted when it has ended. */
  readonly signal: AbortSignal;
  readonly begunAt: number;
  openedAt: number;
  /** To ask on, since nothing is missing. */
  connection: Connection | undefined;

  readonly #options: RunOptions;
  readonly #life = new AbortController();
  #open: Connection | undefined;
  #own = new AbortController();
  #tellEnded = (_why: ClientError): void => undefined;
  #tellWhole = (): void => undefined;

  constructor(options: RunOptions, catchUp: CatchUp) {
    this.#options = options;
    this.signal = this.#life.signal;
    this.begunAt = this.openedAt = options.clock.elapsed();
    this.whole = new Promise((resolve) => (this.#tellWhole = resolve));
    this.ended = new Promise((resolve) => (this.#tellEnded = resolve));
    this.#task(this.#live(catchUp));
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Another has taken over: it delivers until the last request has its reply, and says goodbye. */
  async retire(): Promise<void> {
    const why = new ClientError("disconnected", "another socket has taken over");
    this.#own.abort(why);
    await this.#open?.answered();
    this.end(why);
  }

  /** At once. */
  end(why: ClientError): void {
    if (this.signal.aborted) return;
    this.connection = undefined;
    this.#life.abort(why);
    this.#own.abort(why);
    this.#open?.end(why);
    this.#tellEnded(why);
  }

  async #live(catchUp: CatchUp): Promise<void> {
    const { gate, clock, synchronizer, timings } = this.#options;
    const link = await abortable(gate.open(this.signal), this.signal);
    this.openedAt = clock.elapsed();
    const hearing = { news: synchronizer.receive.bind(synchronizer), ended: this.end.bind(this) };
    const connection = (this.#open = new Connection(link.socket, clock, hearing, timings.reply));
    this.#task(this.#extendSession(connection, link.lasts));
    await catchUp(connection, this.signal);
    this.connection = connection;
    this.#tellWhole();
    this.#task(this.#askInSilence(connection, timings.silence ?? link.silence), this.#own.signal);
    this.#task(synchronizer.stayWhole(connection, this.#own.signal), this.#own.signal);
  }

  /** What fails in it ends the socket, unless it was stopped by `signal`. */
  #task(work: Promise<void>, signal = this.signal): void {
    work.catch((error: unknown) => {
      if (!signal.aborted) this.end(asClientError(error));
    });
  }

  async #askInSilence(connection: Connection, silence: number): Promise<void> {
    const { clock, timings, woken, synchronizer } = this.#options;
    const { signal } = this.#own;
    let askedAt = clock.elapsed(); // the sync has just told
    const quiet = (): number => clock.elapsed() - Math.max(connection.heardAt, askedAt);
    for (;;) {
      const left = Math.min(silence - quiet(), askedAt + timings.check - clock.elapsed());
      let hurried = left < -WAKING; // so late, because the machine has slept
      if (left > 0) {
        hurried = await clock.sleep(left, signal, woken);
        if (!hurried || quiet() < JUST_HEARD) continue;
      }
      askedAt = clock.elapsed();
      try {
        const reply = await connection.request("ping", {}, hurried ? Math.min(WAKING, timings.reply) : timings.reply);
        synchronizer.heard(readPositions(reply.rooms));
      } catch (error) {
        if (!(error instanceof Refused) || !error.retryable) throw error;
      }
    }
  }

  /** Gives the server a ticket of a new token before the old token ends. If that fails, the server closes. */
  async #extendSession(connection: Connection, lasts: number): Promise<void> {
    const { clock, gate, random } = this.#options;
    let ends = clock.elapsed() + lasts;
    let failures = 0;
    for (let left = lasts; left > 0; left = ends - clock.elapsed()) {
      const pause = failures > 0 ? backoff(failures, random) : Math.max(1_000, left - Math.min(300_000, left / 5));
      await clock.sleep(pause, this.signal);
      try {
        const renewal = await abortable(gate.renew(this.signal), this.signal);
        await connection.request("auth", { ticket: renewal.ticket });
        ends = clock.elapsed() + renewal.lasts;
        failures = 0;
      } catch (error) {
        if (!asClientError(error).retryable || this.signal.aborted) throw error;
        failures += 1;
      }
    }
  }
}
