/**
 * The live states of one kind that this person may see. They are in the client's cache, where commits keep them right: so a
 * list is asked for once, and again where the log cannot tell what was missed.
 */

import type { Client } from "../client.js";
import { asClientError } from "../errors.js";
import type { Document } from "../merge-patch.js";
import type { Loaded } from "../records.js";
import type { ServerClock } from "./server-clock.js";
import { Watched, together } from "./store.js";
import type { LiveState } from "./wire.js";

const FIRST = 1_000; // before it is asked for again
const LONGEST = 30_000;

export interface Listed<State> {
  readonly items: readonly State[];
  /** Nothing has been answered yet: `items` are those of another visit. */
  readonly isPending: boolean;
  /** Why they could not be asked for. What is shown stays. */
  readonly error: Error | null;
}

export interface ListOptions<State> {
  readonly noun: string;
  readonly path: string;
  /** When one is over, in milliseconds since 1970 by the server's clock. */
  readonly ends?: (state: State) => number;
}

/** Asks for the list once at a time, for as long as somebody watches it. */
export abstract class Asked<Shown> extends Watched<Shown> {
  protected readonly client: Client;
  protected readonly noun: string;
  protected readonly path: string;
  protected error: Error | null = null;
  /** It has been answered, and followed since. */
  protected isWhole = false;
  #asking: Promise<void> | undefined;
  #failures = 0;
  #again: (() => void) | undefined;
  #resets = 0;

  constructor(client: Client, noun: string, path: string) {
    super(client);
    this.client = client;
    this.noun = noun;
    this.path = path;
    client.onChange((keys) => {
      if (keys.some((key) => this.concerns(key))) this.told();
    });
    client.onRecovered(({ reset }) => {
      if (reset.length === 0) return;
      this.#resets += 1;
      if (!this.isWatched) this.isWhole = false; // it was not asked for again
    });
  }

  /** Asks for it anew. */
  async refresh(): Promise<void> {
    await this.#ask();
  }

  protected begin(): () => void {
    // Before there is anything to follow, it would be asked for again as soon as there is.
    if (Object.keys(this.client.feed.positions()).length > 0) this.#askUnlessWhole();
    return together(
      this.client.use({ noun: this.noun, load: (signal) => this.#reload(signal) }),
      this.client.onState(({ status }) => status === "connected" && this.#askUnlessWhole()),
      () => this.#again?.(),
    );
  }

  protected concerns(key: string): boolean {
    return key.startsWith(`${this.noun}/`);
  }

  /** What is in the cache looks different. */
  protected told(): void {
    this.changed();
  }

  /** Asks, and takes what is not in `items`. */
  protected abstract answer(signal?: AbortSignal): Promise<Loaded>;

  #askUnlessWhole(): void {
    if (!this.isWhole) void this.#ask().catch(() => undefined);
  }

  async #ask(): Promise<void> {
    this.#again?.();
    this.#asking ??= this.#asked().finally(() => (this.#asking = undefined));
    await this.#asking;
  }

  async #asked(): Promise<void> {
    try {
      for (;;) {
        const resets = this.#resets;
        await this.client.load(this.noun, () => this.answer());
        if (resets !== this.#resets) continue; // what it brought was dropped with all else
        this.#answered();
        return;
      }
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }

  /** The log cannot tell what was missed. If the list cannot be had either, the connection goes on without it. */
  async #reload(signal: AbortSignal): Promise<Loaded> {
    try {
      const { items } = await this.answer(signal);
      // Without positions: it was read after the log's end was told, so it is followed from there.
      return { items: this.#taken(items) };
    } catch (error) {
      signal.throwIfAborted();
      this.isWhole = false;
      this.#failed(error);
      return { items: [] };
    }
  }

  /** Whoever reads them takes them, before anything else happens: only then is it what has been answered that is shown. */
  *#taken(items: Iterable<unknown>): Generator {
    yield* items;
    queueMicrotask(() => this.#answered());
  }

  #answered(): void {
    this.#failures = 0;
    this.isWhole = true;
    this.error = null;
    this.changed();
  }

  #failed(error: unknown): void {
    const why = (this.error = asClientError(error));
    if (why.retryable && this.isWatched) {
      const { clock, environment } = this.client;
      const pause = environment.random() * Math.min(LONGEST, FIRST * 2 ** this.#failures++);
      this.#again?.();
      this.#again = clock.after(why.retryAfter + pause, () => this.#askUnlessWhole());
    }
    this.changed();
  }
}

/** All of them, in the order of their ids. */
export class LiveList<State extends LiveState> extends Asked<Listed<State>> {
  readonly #time: ServerClock;
  readonly #ends: ((state: State) => number) | undefined;
  #over: (() => void) | undefined;

  constructor(client: Client, time: ServerClock, { noun, path, ends }: ListOptions<State>) {
    super(client, noun, path);
    this.#time = time;
    this.#ends = ends;
  }

  /** One of them, if it is not over. */
  get(id: string): State | undefined {
    const state = this.client.record(this.noun, id) as State | undefined;
    return state && this.#left(state) > 0 ? state : undefined;
  }

  protected override begin(): () => void {
    this.#arm();
    return together(super.begin(), () => this.#over?.());
  }

  protected override changed(): void {
    this.#arm();
    super.changed();
  }

  protected async answer(signal?: AbortSignal): Promise<Loaded> {
    const content: Document = await this.client.rest.send("GET", `/${this.path}`, { signal });
    return content as unknown as Loaded;
  }

  protected show(): Listed<State> {
    const items = this.#all().filter((state) => this.#left(state) > 0);
    items.sort((one, other) => (one.id < other.id ? -1 : 1));
    return { items, isPending: !this.isWhole, error: this.error };
  }

  /** Something is over by itself. */
  #arm(): void {
    this.#over?.();
    if (!this.#ends || !this.isWatched) return;
    const left = this.#all().map((state) => this.#left(state));
    this.#over = this.client.clock.after(Math.min(...left.filter((one) => one > 0)), () => this.changed());
  }

  #all(): State[] {
    return this.client.cache.all(this.noun) as unknown as State[];
  }

  #left(state: State): number {
    return this.#ends ? this.#time.left(this.#ends(state)) : Infinity;
  }
}
