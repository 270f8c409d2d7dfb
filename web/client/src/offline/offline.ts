/** What a person has without a network: records of before, and writes that wait. Built on a client. */

import { backoff } from "../backoff.js";
import { Bell } from "../bell.js";
import type { AnyRecord, Fetch, Key } from "../cache.js";
import type { Client } from "../client.js";
import type { Channel } from "../environment.js";
import { ClientError, Problem, asClientError } from "../errors.js";
import { isDocument } from "../merge-patch.js";
import type { Document } from "../merge-patch.js";
import { Subscribers } from "../subscribers.js";
import { pathOf, taken } from "./answers.js";
import { indexedDb } from "./indexed-db.js";
import { Keeper } from "./keeper.js";
import { Queue, touchedBy } from "./queue.js";
import type { Waiting, Write } from "./queue.js";
import { forgiving } from "./store.js";
import type { Store } from "./store.js";

const WRITE = "write/";
/** The server knows a key for 24 h. After that, a record that was perhaps created must not be created again. */
const KEY_LIFE = 23 * 3_600_000;
const OWN_LOCK = 3; // tries of what is refused for a lock of the same person: its token is on its way to this tab

export interface OfflineOptions {
  /** The same as the client's. */
  readonly user: string;
  readonly store?: Store;
  /** Writes that may wait; the next one is refused. */
  readonly most?: number;
  /** Whether this tab keeps and sends for all. Without it, this is the only one. */
  readonly leads?: () => boolean;
}

/** A write that the server did not take, and why. What it would have changed is as before. */
export interface Refused {
  readonly write: Waiting;
  readonly error: ClientError;
}

/** What a tab tells the others. */
type Message =
  | { readonly wiped: true }
  | { readonly wanted: Waiting }
  | { readonly withdrawn: string }
  | { readonly done: string; readonly answer: Document }
  | {
      readonly refused: string;
      readonly code: string;
      readonly message: string;
      readonly content: Document | undefined;
    };

interface Promised {
  readonly resolve: (answer: Document) => void;
  readonly reject: (error: ClientError) => void;
}

export class Offline {
  readonly #client: Client;
  readonly #store: Store;
  readonly #keeper: Keeper;
  readonly #queue = new Queue();
  readonly #most: number;
  readonly #leads: () => boolean;
  readonly #promised = new Map<string, Promised>();
  /** Begun when each write came, as its answer may be as old as that. */
  readonly #fetches = new Map<string, Fetch>();
  /** Sent by a page that is not there any more: their answers may be older than what this one knows. */
  readonly #inherited = new Set<string>();
  /** What is over, though it may still be in what a slow store gives back. */
  readonly #over = new Set<string>();
  /** Each done when a write is in the store, as it was put there last. */
  readonly #kept = new Map<string, Promise<void>>();
  readonly #changes: Subscribers<readonly Key[]>;
  readonly #refusals: Subscribers<Refused>;
  readonly #wipes: Subscribers<undefined>;
  readonly #channel: Channel | undefined;
  readonly #again = new Bell();
  readonly #life = new AbortController();
  readonly #stops: (() => void)[];
  #sending: string | undefined;
  #draining = false;

  /** Resolves when what was kept is there: then paint, and connect. */
  static async open(client: Client, options: OfflineOptions): Promise<Offline> {
    const name = `openhouse:${options.user}`;
    const offline = new Offline(client, options, name);
    await offline.#restore();
    return offline;
  }

  private constructor(client: Client, { store, most = 100, leads = () => true }: OfflineOptions, name: string) {
    const { environment } = client;
    this.#client = client;
    this.#store = forgiving(store ?? indexedDb(name), (error) => environment.report(error));
    this.#most = most;
    this.#leads = leads;
    this.#keeper = new Keeper(client, this.#store, leads);
    this.#changes = new Subscribers((error) => environment.report(error));
    this.#refusals = new Subscribers((error) => environment.report(error));
    this.#wipes = new Subscribers((error) => environment.report(error));
    this.#channel = environment.channel?.(`${name}:writes`);
    if (this.#channel) this.#channel.onmessage = ({ data }) => this.#hear(data as Message);
    this.#stops = [
      client.onChange((keys) => {
        this.#keeper.touch(keys);
        this.#changes.tell(keys);
      }),
      client.on("*", () => this.#keeper.touch()),
      client.onState(({ status }) => {
        if (status !== "connected") return;
        this.#keeper.touch();
        this.#again.ring();
        void this.#drain();
      }),
      environment.onLeave(() => void this.#keeper.flush()),
    ];
  }

  // Writing -----------------------------------------------------------------------------------------------------------

  /**
   * Shows a change at once, and sends it as soon as that can be. Resolves to the server's answer; rejects with
   * `queue_full`, `closed`, `withdrawn`, or with why the server refuses it.
   */
  async write(write: Write): Promise<Document> {
    const { environment, rest } = this.#client;
    if (this.#life.signal.aborted) throw new ClientError("closed", "nobody is signed in", { retryable: false });
    if (this.#queue.waiting.length >= this.#most) {
      throw new ClientError("queue_full", `${this.#most} changes are waiting already`, { retryable: false });
    }
    const before = this.#queue.waiting.at(-1);
    const at = Math.max(environment.now(), (before?.at ?? 0) + 1);
    const isNext = !before && !this.#draining && this.#leads();
    // The tab that sends it need not be the one that holds the lock; 0: it was wanted under none.
    const lockToken = rest.lockToken(write.lockToken, write.method, pathOf(write)) ?? 0;
    const waiting: Waiting = { ...write, lockToken, key: environment.uuid(), at, ...(isNext ? { sentAt: at } : {}) };
    const answer = new Promise<Document>((resolve, reject) => {
      this.#promised.set(waiting.key, { resolve, reject });
    });
    this.#put(waiting);
    const kept = this.#keep(waiting);
    const tell = (): void => {
      this.#say({ wanted: waiting });
      void this.#drain();
    };
    // Sent while it is being kept: a page that goes in between has sent it, or else it goes as before it was kept.
    if (isNext) tell();
    else void kept.then(tell);
    return answer;
  }

  /** What waits, in its order. */
  get waiting(): readonly Waiting[] {
    return this.#queue.waiting;
  }

  /** Takes a waiting write back; false if it is on its way already. */
  withdraw(key: string): boolean {
    if (key === this.#sending || !this.#queue.get(key)) return false;
    this.#say({ withdrawn: key });
    this.#hear({ withdrawn: key });
    return true;
  }

  /** Hears of what the server refuses, also of what was wanted before a reload. Returns how to stop. */
  onRefused(listener: (refused: Refused) => void): () => void {
    return this.#refusals.add(listener);
  }

  // Reading -----------------------------------------------------------------------------------------------------------

  /** A record as it will be when all that waits is done. */
  record(noun: string, id: string): AnyRecord | undefined {
    return this.#queue.over(noun, id, this.#client.cache.get(noun, id));
  }

  /** All records of a module, likewise, those included that are not created yet. */
  all(noun: string): AnyRecord[] {
    const ids = new Set([...this.#client.cache.all(noun).map(({ id }) => id), ...this.#queue.ids(noun)]);
    return [...ids].flatMap((id) => this.record(noun, id) ?? []);
  }

  /** Hears the keys of records that look different now, for whatever reason. Returns how to stop. */
  onChange(listener: (keys: readonly Key[]) => void): () => void {
    return this.#changes.add(listener);
  }

  // -------------------------------------------------------------------------------------------------------------------

  /** This tab keeps and sends for all from now on. */
  async lead(): Promise<void> {
    await this.#keeper.keepAll();
    this.#adopt(await this.#store.load());
    await this.#drain();
  }

  /** Ends without a trace in this browser, in all tabs: at sign-out. */
  async wipe(): Promise<void> {
    this.#say({ wiped: true });
    await this.close();
    await this.#store.destroy();
  }

  /** Hears that another tab has wiped everything: its person has signed out. Returns how to stop. */
  onWiped(listener: () => void): () => void {
    return this.#wipes.add(listener);
  }

  /** Ends; what waits is kept for the next time. */
  async close(): Promise<void> {
    this.#life.abort();
    for (const stop of this.#stops) stop();
    this.#channel?.close();
    await this.#keeper.stop();
  }

  async #restore(): Promise<void> {
    const kept = await this.#store.load();
    this.#keeper.restore(kept);
    this.#adopt(kept);
  }

  /** Also what a tab wanted that is not there any more. */
  #adopt(kept: ReadonlyMap<string, unknown>): void {
    for (const [name, value] of kept) {
      if (name.startsWith(WRITE) && isDocument(value) && !this.#isKnown(name.slice(WRITE.length))) {
        const write = value as unknown as Waiting;
        if (write.sentAt !== undefined) this.#inherited.add(write.key);
        this.#put(write);
      }
    }
  }

  #isKnown(key: string): boolean {
    return this.#over.has(key) || this.#queue.get(key) !== undefined;
  }

  #put(write: Waiting): void {
    this.#queue.put(write);
    if (!this.#fetches.has(write.key)) this.#fetches.set(write.key, this.#client.cache.fetching());
    this.#changes.tell([touchedBy(write)]);
  }

  async #keep(write: Waiting): Promise<void> {
    const kept = this.#store.write(new Map([[WRITE + write.key, write]]));
    this.#kept.set(write.key, kept);
    await kept;
  }

  /** What was kept under that key is over. */
  async #drop(key: string, renamed: readonly Waiting[] = []): Promise<void> {
    await this.#kept.get(key); // it must not come after this
    this.#kept.delete(key);
    await this.#store.write(
      new Map<string, unknown>([[WRITE + key, undefined], ...renamed.map((one) => [WRITE + one.key, one] as const)]),
    );
  }

  #say(message: Message): void {
    if (!this.#life.signal.aborted) this.#channel?.postMessage(message); // another tab may have ended this one, too
  }

  /** What this tab or another has to tell of a write. */
  #hear(message: Message): void {
    if ("wiped" in message) {
      void this.close();
      this.#wipes.tell(undefined);
    } else if ("wanted" in message) {
      if (this.#isKnown(message.wanted.key)) return; // of two tabs one may be heard before the other
      this.#put(message.wanted);
      void this.#drain();
    } else if ("withdrawn" in message) {
      this.#end(message.withdrawn, new ClientError("withdrawn", "the change was taken back", { retryable: false }));
    } else if ("done" in message) {
      this.#done(message.done, message.answer);
      // A tab that had led before it froze may have begun to send it, too, and have kept that.
      void this.#drop(message.done);
    } else {
      const { refused, code, message: words, content } = message;
      const options = { retryable: false };
      this.#refused(
        refused,
        content
          ? new Problem(Number(content.status), code, words, options, content)
          : new ClientError(code, words, options),
      );
    }
  }

  // Sending -----------------------------------------------------------------------------------------------------------

  /** Sends what waits, one after the other, for as long as that is of use. */
  async #drain(): Promise<void> {
    if (this.#draining || !this.#leads()) return;
    this.#draining = true;
    const { clock, environment } = this.#client;
    let [failures, ownLocks] = [0, 0];
    try {
      while (!this.#life.signal.aborted && this.#leads()) {
        const [write] = this.#queue.waiting;
        if (!write) break;
        const error = await this.#send(write);
        const isOwnLock = error instanceof Problem && error.code === "locked" && error.content.holder === this.#client.user;
        if (!error) failures = ownLocks = 0;
        else if (error.retryable || (isOwnLock && ownLocks++ < OWN_LOCK)) {
          await clock.sleep(
            backoff(++failures, () => environment.random(), error.retryAfter),
            this.#life.signal,
            this.#again,
          );
        } else if (isRefusal(error)) {
          ownLocks = 0;
          this.#refuse(write, error);
        } else break; // nobody is signed in: until there is a connection again
      }
    } catch {
      // closed
    } finally {
      this.#draining = false;
    }
  }

  /** Returns what went wrong. */
  async #send(write: Waiting): Promise<ClientError | undefined> {
    const { environment, rest } = this.#client;
    const { sentAt = environment.now(), key, body, version, lockToken = 0, method } = write;
    if (write.id === undefined && environment.now() - sentAt > KEY_LIFE) {
      return new ClientError("unknown_outcome", "it may have been created already: look before you try again", {
        retryable: false,
      });
    }
    this.#sending = key;
    try {
      if (write.sentAt === undefined) {
        this.#queue.put({ ...write, sentAt });
        await this.#keep({ ...write, sentAt });
      }
      let answer = await rest.send(method, pathOf(write), {
        body,
        version,
        lockToken,
        idempotencyKey: key,
        signal: this.#life.signal,
      });
      if (this.#inherited.has(key)) answer = await this.#asItIs(write, answer);
      const renamed = this.#done(key, answer);
      // Should the page go before this is written, it is sent again, and answered as before.
      await this.#drop(key, renamed);
      this.#say({ done: key, answer });
      return undefined;
    } catch (error) {
      return asClientError(error);
    } finally {
      this.#sending = undefined;
    }
  }

  /**
   * The answer and the end of the waiting are one step: what was there before is not seen in between. Returns the
   * writes that refer to what was made, as they are now.
   */
  #done(key: string, answer: Document): Waiting[] {
    this.#over.add(key);
    const write = this.#queue.get(key);
    if (!write) return [];
    const renamed =
      write.id === undefined && typeof answer.id === "string"
        ? this.#queue.named(key, answer.id)
        : this.#queue.advanced(write, answer.version);
    this.#queue.remove(key);
    this.#client.changed(taken(this.#client.cache, write, answer, this.#fetches.get(key)));
    this.#changes.tell([touchedBy(write), ...renamed.map(touchedBy)]);
    this.#promised.get(key)?.resolve(answer);
    this.#forget(key);
    return renamed;
  }

  /** The record that a write was about, which somebody may have changed or deleted since. */
  async #asItIs({ noun, id }: Waiting, answer: Document): Promise<Document> {
    const { rest } = this.#client;
    const known = id ?? answer.id;
    if (typeof known !== "string") return answer;
    try {
      return await rest.send("GET", pathOf({ noun, id: known, method: "PATCH" }), { signal: this.#life.signal });
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return { id: known };
      throw error;
    }
  }

  #refuse(write: Waiting, error: ClientError): void {
    const content = error instanceof Problem ? { ...error.content, status: error.status } : undefined;
    this.#say({ refused: write.key, code: error.code, message: error.message, content });
    this.#refused(write.key, error);
  }

  #refused(key: string, error: ClientError): void {
    this.#over.add(key);
    const write = this.#queue.get(key);
    if (!write) return;
    const dependents = this.#queue.dependents(key);
    this.#end(key, error);
    this.#refusals.tell({ write, error });
    for (const dependent of dependents) {
      this.#refused(
        dependent.key,
        new ClientError("depends", `what it depends on was refused: ${error.message}`, { retryable: false }),
      );
    }
  }

  /** It waits no longer, and is as if it had never been wanted. */
  #end(key: string, error: ClientError): void {
    this.#over.add(key);
    const write = this.#queue.get(key);
    if (!write) return;
    this.#queue.remove(key);
    void this.#drop(key);
    this.#changes.tell([touchedBy(write)]);
    this.#promised.get(key)?.reject(error);
    this.#forget(key);
  }

  #forget(key: string): void {
    const fetch = this.#fetches.get(key);
    if (fetch) this.#client.cache.done(fetch);
    this.#fetches.delete(key);
    this.#promised.delete(key);
    this.#inherited.delete(key);
  }
}

/** The server has looked at the write and does not take it: not a matter of time, nor of who is signed in. */
function isRefusal(error: ClientError): boolean {
  if (error.code === "unknown_outcome") return true;
  return error instanceof Problem && !error.retryable && error.status !== 401 && error.code !== "unauthenticated";
}
