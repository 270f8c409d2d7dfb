/** The client of one person: a live session, the records in use, REST, and whoever listens. */

import { browser } from "./browser.js";
import { Cache } from "./cache.js";
import type { AnyRecord, Key } from "./cache.js";
import { Clock } from "./clock.js";
import type { Environment } from "./environment.js";
import { Events } from "./events.js";
import type { EventListener } from "./events.js";
import { Feed } from "./feed.js";
import { TicketGate } from "./gate.js";
import type { Gate } from "./gate.js";
import { IDLE } from "./listener.js";
import type { Recovered, State } from "./listener.js";
import type { Document } from "./merge-patch.js";
import { Records } from "./records.js";
import type { Loaded, Use } from "./records.js";
import { Rest } from "./rest.js";
import { Session } from "./session.js";
import { Subscribers } from "./subscribers.js";
import { TIMINGS } from "./timings.js";
import type { Timings } from "./timings.js";
import { Tokens } from "./tokens.js";
import type { TokenSource, TokenVault } from "./tokens.js";
import type { EventPattern } from "./types.js";

export interface ClientOptions {
  /** `httpUrl` of `config.json`. */
  readonly httpUrl: string;
  /** The id of the person (`sub` of the token): what is kept, and shared by tabs, is theirs alone. */
  readonly user: string;
  readonly token: TokenSource;
  /** Where tabs find each other's tokens. */
  readonly vault?: TokenVault;
  readonly timings?: Partial<Timings>;
  readonly environment?: Environment;
  /** Sockets from elsewhere than from tickets of one's own: from another tab. */
  readonly gate?: (direct: Gate, client: Client) => Gate;
}

export class Client {
  readonly user: string;
  readonly rest: Rest;
  readonly cache = new Cache({ partial: true });
  readonly feed = new Feed();

  readonly clock: Clock;
  readonly environment: Environment;
  /** Called when requests begin to go over another socket. */
  onMoved: (() => void) | undefined;

  readonly #events: Events;
  readonly #records: Records;
  readonly #session: Session;
  readonly gate: Gate;
  readonly #states: Subscribers<State>;
  readonly #changes: Subscribers<readonly Key[]>;
  readonly #recoveries: Subscribers<Recovered>;
  #state: State = IDLE;
  #mirrored: State | undefined;
  #lastSyncAt: number | undefined;
  #stopWaking: (() => void) | undefined;

  constructor(options: ClientOptions) {
    const environment = (this.environment = options.environment ?? browser());
    const random = environment.random.bind(environment);
    const clock = (this.clock = new Clock(environment));
    this.user = options.user;
    const lockName = `openhouse:${options.user}:token`;
    const { token: source, vault } = options;
    const tokens = new Tokens({ source, vault, lockName, clock, environment });
    this.rest = new Rest(options.httpUrl, tokens, clock, environment);
    this.#events = new Events(() => this.subscribers());
    this.#states = this.subscribers();
    this.#changes = this.subscribers();
    this.#recoveries = this.subscribers();
    const records = (this.#records = new Records({ cache: this.cache, rest: this.rest, clock, random, changed: (keys) => this.changed(keys) }));
    const direct = new TicketGate(this.rest, clock, environment);
    this.gate = options.gate?.(direct, this) ?? direct;
    this.#session = new Session({
      gate: this.gate,
      feed: this.feed,
      timings: { ...TIMINGS, ...options.timings },
      clock,
      random,
      environment,
      listener: {
        state: () => this.#tellState(),
        moved: () => this.onMoved?.(),
        commit: (commit) => {
          records.commit(commit);
          for (const event of commit.events) this.#events.tell(event, commit);
        },
        ephemeral: (event) => this.#events.tell(event),
        recovered: (recovered) => this.#recoveries.tell(recovered),
        left: (room) => records.left(room),
        synced: () => (this.#lastSyncAt = environment.now()),
        refetch: (lost, signal) => records.refetch(lost, signal),
      },
    });
    clock.onSlept = () => this.wake();
  }

  // The connection ----------------------------------------------------------------------------------------------------

  get state(): State {
    return this.#state;
  }

  /** Returns how to stop listening. */
  onState(listener: (state: State) => void): () => void {
    return this.#states.add(listener);
  }

  /** Milliseconds from the last request over the socket to its reply, while connected. */
  get latency(): number | undefined {
    return this.#session.latency;
  }

  /** When nothing was missing, in milliseconds since 1970; undefined before that was so for the first time. */
  get lastSyncAt(): number | undefined {
    return this.#lastSyncAt;
  }

  connect(): void {
    this.#stopWaking ??= this.environment.onWake(() => this.wake());
    this.#session.start();
    this.#records.fetchWanted();
  }

  /** Nothing wakes it before the next `connect`. */
  disconnect(): void {
    this.#stopWaking?.();
    this.#stopWaking = undefined;
    this.#records.stop();
    this.#session.stop();
    this.gate.close?.();
  }

  /** Tries at once, or asks at once whether the connection still is one. */
  wake(): void {
    this.#session.wake();
    this.gate.wake?.(false);
  }

  /** The same, also out of an `error` that does not go by itself. */
  retry(): void {
    this.#session.retry();
    this.gate.wake?.(true);
  }

  /** Goes over to another socket without anyone noticing. */
  changeOver(): void {
    this.#session.changeOver();
  }

  /** What is to be told while there is no connection, if someone else knows better: the tab that has the socket. */
  mirror(state: State | undefined): void {
    this.#mirrored = state;
    this.#tellState();
  }

  /** The reply to a request over the socket. Rejects with a ClientError, whose `retryable` says whether to try again. */
  async request(action: string, content?: Document, within?: number): Promise<Document> {
    return this.#session.request(action, content, within);
  }

  /** For whoever builds on it. What one of them throws is reported. */
  subscribers<News>(): Subscribers<News> {
    return new Subscribers((error) => this.environment.report(error));
  }

  // Events and records ------------------------------------------------------------------------------------------------

  /** Hears each event once and in the order of its room, after the records have followed it. Returns how to stop. */
  on<Pattern extends EventPattern>(pattern: Pattern, listener: EventListener<Pattern>): () => void {
    return this.#events.on(pattern, listener);
  }

  /** Hears the keys (`<noun>/<id>`) of records that look different now. Returns how to stop. */
  onChange(listener: (keys: readonly Key[]) => void): () => void {
    return this.#changes.add(listener);
  }

  /** Hears what was missed after a break. Returns how to stop. */
  onRecovered(listener: (recovered: Recovered) => void): () => void {
    return this.#recoveries.add(listener);
  }

  record(noun: string, id: string): AnyRecord | undefined {
    return this.cache.get(noun, id);
  }

  /** Asks for records, such as by `rest.list`, and takes them into the cache as far as they are news by then. */
  async load<Answer extends Loaded>(noun: string, ask: () => Promise<Answer>): Promise<Answer> {
    return this.#records.load(noun, ask);
  }

  /** Tells that these records of the cache look different now, to whoever `onChange` has. */
  changed(keys: readonly Key[]): void {
    if (keys.length > 0) this.#changes.tell(keys);
  }

  /** Says what to load again when the log cannot tell what was missed. Returns how to say that it is over. */
  use(use: Use): () => void {
    return this.#records.use(use);
  }

  #tellState(): void {
    const own = this.#session.state;
    const isTrying = own.status === "connecting" || own.status === "reconnecting";
    const state = (isTrying && this.#mirrored) || own;
    if (state === this.#state) return;
    this.#state = state;
    this.#states.tell(state);
  }
}
