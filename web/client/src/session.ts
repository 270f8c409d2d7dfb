/** A person's live session, over as many sockets as it takes: connect, catch up, stay whole, change over, come back. */

import { backoff } from "./backoff.js";
import { Bell } from "./bell.js";
import type { Clock } from "./clock.js";
import type { Environment } from "./environment.js";
import { ClientError, fatal } from "./errors.js";
import type { Feed } from "./feed.js";
import type { Gate } from "./gate.js";
import { IDLE } from "./listener.js";
import type { Listener, State, Status } from "./listener.js";
import type { Document } from "./merge-patch.js";
import { SocketRun } from "./socket-run.js";
import type { CatchUp } from "./socket-run.js";
import { Synchronizer } from "./synchronizer.js";
import type { Timings } from "./timings.js";

const TOO_LONG = 2_000; // a socket that was being opened for so long before the machine woke is given up
const ABANDONED = "abandoned";

export interface SessionOptions {
  readonly gate: Gate;
  readonly feed: Feed;
  readonly listener: Listener;
  readonly timings: Timings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly environment: Pick<Environment, "now" | "online">;
}

export class Session {
  #state = IDLE;
  readonly #options: SessionOptions;
  readonly #synchronizer: Synchronizer;
  readonly #woken = new Bell();
  readonly #retried = new Bell();
  readonly #due = new Bell();
  readonly #runs = new Set<SocketRun>();
  #life: AbortController | undefined; // while it is started
  #current: SocketRun | undefined; // the one in use
  #wasConnected = false;
  #connectedAt: number | undefined;
  #brokenAt: number | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { feed, listener, clock, random, timings } = options;
    this.#synchronizer = new Synchronizer(feed, listener, clock, random, timings.gap);
  }

  get state(): State {
    return this.#state;
  }

  /** Milliseconds from the last request to its reply, while connected. */
  get latency(): number | undefined {
    return this.#current?.connection?.latency;
  }

  start(): void {
    if (this.#life) return;
    this.#life = new AbortController();
    void this.#run(this.#life.signal);
  }

  /** Until it is started again, nothing wakes it. */
  stop(): void {
    const why = new ClientError("disconnected", "disconnected");
    this.#life?.abort(why);
    this.#life = undefined;
    if (this.#connectedAt !== undefined) this.#brokenAt ??= this.#options.clock.elapsed();
    this.#endAll(why);
    this.#wasConnected = false;
    this.#tell("disconnected", "disconnected");
  }

  /** Do now what would be done later: reconnect if offline, ask for the heads if connected. */
  wake(): void {
    this.#woken.ring();
    const { clock } = this.#options;
    for (const run of this.#runs) {
      if (!run.isOpen && clock.elapsed() - run.begunAt > TOO_LONG)
        run.end(new ClientError(ABANDONED, "connecting anew"));
    }
  }

  /** Tries again, also where trying seemed to be of no use: somebody has changed something. */
  retry(): void {
    this.#retried.ring();
    this.wake();
  }

  /** Goes over to another socket now, as it does before one ends. */
  changeOver(): void {
    this.#due.ring();
  }

  /** The reply to a request of one's own. Nothing is queued: the caller decides what is still worth sending. */
  async request(action: string, content?: Document, within?: number): Promise<Document> {
    const connection = this.#current?.connection;
    if (!connection) throw new ClientError("not_connected", `not connected: ${this.#state.reason}`);
    return connection.request(action, content, within);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, environment, random, timings } = this.#options;
    let failures = 0;
    for (;;) {
      this.#tell(this.#trying(), "connecting");
      const ended = await this.#online(signal);
      if (signal.aborted) return;
      if (ended.code === ABANDONED) continue;
      failures = this.#hasSettled() ? 1 : failures + 1;
      const offline = !environment.online();
      try {
        if (fatal(ended) || (failures >= timings.tries && !offline)) {
          this.#tell("error", ended.message, { code: ended.code });
          // What a person has to change is not changed by looking at it.
          await clock.sleep(Infinity, signal, fatal(ended) ? this.#retried : this.#woken);
          failures = 0;
        } else {
          const pause = backoff(failures, random, ended.retryAfter);
          const code = offline ? "offline" : ended.code;
          const reason = offline ? "this device is offline" : ended.message;
          this.#tell(offline ? "disconnected" : this.#trying(), reason, { code, retryAt: environment.now() + pause });
          await clock.sleep(pause, signal, this.#woken);
        }
      } catch {
        return; // stopped
      }
    }
  }

  // One socket after another ------------------------------------------------------------------------------------------

  /** Lives until a socket ends before another could take over; resolves to why. */
  async #online(signal: AbortSignal): Promise<ClientError> {
    this.#connectedAt = undefined;
    const ended = await this.#changeOver();
    if (signal.aborted) return ended;
    this.#endAll(ended);
    this.#brokenAt ??= this.#options.clock.elapsed();
    return ended;
  }

  async #changeOver(): Promise<ClientError> {
    const { clock, random } = this.#options;
    let run = this.#begin((connection, signal) => {
      const away = this.#brokenAt === undefined ? undefined : clock.elapsed() - this.#brokenAt;
      return this.#synchronizer.catchUp(connection, away, signal);
    });
    const failed = await Promise.race([run.whole, run.ended]);
    if (failed) return failed;
    this.#connectedAt = clock.elapsed();
    this.#brokenAt = undefined;
    this.#wasConnected = true;
    this.#use(run);
    this.#tell("connected", "connected");
    let failures = 0;
    let pause = this.#timeLeft(run);
    while (await this.#lasts(run, pause)) {
      const successor = this.#begin((connection, signal) => this.#synchronizer.takeOver(connection, signal));
      const ended = await Promise.race([run.ended, successor.ended, successor.whole]);
      if (run.signal.aborted) break;
      if (ended) {
        if (fatal(ended)) return ended;
        pause = backoff(++failures, random, ended.retryAfter);
      } else {
        const { connection } = successor;
        if (connection) connection.latency ??= run.connection?.latency;
        void run.retire();
        this.#use((run = successor));
        failures = 0;
        pause = this.#timeLeft(run);
      }
    }
    return run.ended;
  }

  /** Waits so long, or until it ends. */
  async #lasts(run: SocketRun, milliseconds: number): Promise<boolean> {
    try {
      await this.#options.clock.sleep(milliseconds, run.signal, this.#due);
      return true;
    } catch {
      return false;
    }
  }

  #begin(catchUp: CatchUp): SocketRun {
    const run = new SocketRun({ ...this.#options, synchronizer: this.#synchronizer, woken: this.#woken }, catchUp);
    this.#runs.add(run);
    void run.ended.then(() => this.#runs.delete(run));
    return run;
  }

  #use(run: SocketRun): void {
    this.#current = run;
    this.#options.listener.moved();
  }

  #endAll(why: ClientError): void {
    this.#current = undefined;
    for (const run of this.#runs) run.end(why);
  }

  /** Those who connected together do not change over together. */
  #timeLeft(run: SocketRun): number {
    const { clock, timings, random } = this.#options;
    return Math.max(0, run.openedAt + timings.rotate * (1 - random() / 4) - clock.elapsed());
  }

  // -------------------------------------------------------------------------------------------------------------------

  #trying(): Status {
    return this.#wasConnected ? "reconnecting" : "connecting";
  }

  #hasSettled(): boolean {
    const { clock, timings } = this.#options;
    return this.#connectedAt !== undefined && clock.elapsed() - this.#connectedAt >= timings.settled;
  }

  #tell(status: Status, reason: string, more: Omit<State, "status" | "reason"> = {}): void {
    this.#state = { status, reason, ...more };
    this.#options.listener.state(this.#state);
  }
}
