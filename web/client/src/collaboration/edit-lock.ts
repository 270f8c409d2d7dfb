/**
 * The lock of one record, as one tab sees it: taken when somebody begins to edit, prolonged while they do, released when
 * they leave. It is bound to the connection that it was last asked for by, so it is asked for again over each new one.
 *
 * Whoever holds it believes so no longer than `until`, by the server's clock, and no longer than nobody else has a newer
 * token.
 */

import type { Client } from "../client.js";
import { ClientError, asClientError } from "../errors.js";
import type { Noun } from "../types.js";
import type { Attendance } from "./attendance.js";
import { Claim } from "./claim.js";
import type { KeptTokens } from "./kept-tokens.js";
import type { LiveList } from "./live-list.js";
import type { ServerClock } from "./server-clock.js";
import { Watched, together } from "./store.js";
import { lockId } from "./wire.js";
import type { Lock } from "./wire.js";

const PROVISIONAL = "~"; // as offline/queue.ts has it
const LEASE = 300_000;
const PROLONG_AFTER = 60_000; // of editing
const AGAIN_AFTER = 5_000; // a lock that could not be asked for
const SAVED_WITHIN = 10_000; // a save releases it: whoever leaves waits that long for it

/**
 * `taking`: asked for. `held`: by this tab. `locked`: by somebody else, or by this person elsewhere. `lost`: somebody else
 * has taken it from this tab. `free`: nobody's; the next touch takes it. `refused`: this person may not edit.
 */
export type EditLockStatus = "taking" | "held" | "locked" | "lost" | "free" | "refused";

export interface EditLockShown {
  readonly status: EditLockStatus;
  /** The id of who holds it. */
  readonly holder: string | undefined;
  /** When that ends unless it is prolonged, in milliseconds since 1970 by this machine's clock. */
  readonly until: number | undefined;
  /** Why it could not be had. */
  readonly error: Error | null;
  /** Asks for it once more: also after it was lost. */
  readonly take: () => Promise<void>;
  /** Takes it from whoever holds it, who is told: for oneself elsewhere, leads of the record's team and brokers. */
  readonly takeOver: () => Promise<void>;
}

interface Lease {
  readonly token: number;
  /** By the clock that no person sets. */
  readonly ends: number;
  readonly prolongedAt: number;
}

interface Asking {
  readonly token?: number | undefined;
  readonly takeOver?: true;
}

export class EditLock extends Watched<EditLockShown> {
  readonly #client: Client;
  readonly #time: ServerClock;
  readonly #attendance: Attendance;
  readonly #list: LiveList<Lock>;
  readonly #kept: KeptTokens;
  readonly #noun: Noun;
  readonly #id: string;
  readonly #lockId: string;
  readonly #claim: Claim;
  #lease: Lease | undefined;
  #last: number | undefined;
  #asking: Promise<void> | undefined;
  #askedAt = -Infinity;
  #touchedAt = -Infinity;
  #savedAt = -Infinity;
  #isLost = false;
  #error: Error | null = null;
  #over: (() => void) | undefined;
  #later: (() => void) | undefined;

  constructor(
    { noun, id }: { readonly noun: Noun; readonly id: string },
    client: Client,
    time: ServerClock,
    attendance: Attendance,
    list: LiveList<Lock>,
    kept: KeptTokens,
  ) {
    super(client);
    this.#noun = noun;
    this.#id = id;
    this.#lockId = lockId(noun, id);
    this.#client = client;
    this.#time = time;
    this.#attendance = attendance;
    this.#list = list;
    this.#kept = kept;
    this.#claim = new Claim(client, this.#lockId, () => this.#lose());
  }

  /**
   * The token for a save: the last one that this tab had since somebody began to edit here, also if it has run out or was
   * lost. Whether anybody else was at work on the record since, the server knows.
   */
  saves(): number | undefined {
    if (this.#lease) this.#savedAt = this.#client.clock.elapsed();
    return this.#last;
  }

  /** As somebody sees it who does not edit. */
  seen(): EditLockShown {
    const lock = this.#list.get(this.#lockId);
    return {
      status: this.#lease ? "held" : lock ? "locked" : "free",
      holder: lock?.holder,
      until: lock && this.#time.here(lock.until),
      error: this.#error,
      take: this.#take,
      takeOver: this.#takeOver,
    };
  }

  /** The client is told to disconnect: over another tab's connection it would live on. */
  stop(): void {
    this.#later?.();
    const token = this.#done();
    if (token !== undefined) this.#sendRelease(token);
  }

  protected show(): EditLockShown {
    const seen = this.seen();
    if (this.#lease) return seen;
    const isRefused = this.#error !== null && !asClientError(this.#error).retryable;
    const status = this.#asking ? "taking" : this.#isLost ? "lost" : seen.holder ? "locked" : isRefused ? "refused" : "free";
    return { ...seen, status };
  }

  protected begin(): () => void {
    this.#later?.();
    this.#later = undefined;
    this.#isLost = false;
    this.#error = null;
    this.#touchedAt = this.#client.clock.elapsed();
    const again = (): void => this.#again(true);
    const stops = together(
      this.#list.subscribe(() => this.#heard()),
      this.#attendance.onTouch(() => this.#touched()),
      this.#attendance.onMoved(again),
      this.#client.onState(({ status }) => status === "connected" && this.#again(true)),
    );
    if (!this.#lease && !this.#asking) void this.#take().catch(() => undefined);
    return () => {
      stops();
      void this.#left();
    };
  }

  // What happens ------------------------------------------------------------------------------------------------------

  /** What the log, or a list, says of it. */
  #heard(): void {
    const lock = this.#client.record("lock", this.#lockId) as Lock | undefined;
    const lease = this.#lease;
    if (lease && !this.#asking) {
      if (lock && lock.token > lease.token) this.#lose();
      else if (!lock) this.#end(); // saved, or released because the connection was gone
      else if (lock.token === lease.token) this.#hold(lock, lease.prolongedAt);
    }
    this.changed();
  }

  #touched(): void {
    const now = (this.#touchedAt = this.#client.clock.elapsed());
    if (this.#lease) {
      if (now - this.#lease.prolongedAt > PROLONG_AFTER) this.#again();
    } else this.#again();
  }

  /** Over a new connection, after a while of editing, or where nobody has it any more. */
  #again(isNews = false): void {
    if (this.#asking || this.#isLost || !this.#mayAsk(isNews)) return;
    if (this.#lease || !this.#list.get(this.#lockId)) void this.#ask({ token: this.#known }).catch(() => undefined);
  }

  #mayAsk(isNews: boolean): boolean {
    if (this.#client.clock.elapsed() - this.#touchedAt > LEASE) return false; // nobody is at work
    if (this.#error && !asClientError(this.#error).retryable) return false;
    return isNews || !this.#error || this.#client.clock.elapsed() - this.#askedAt > AGAIN_AFTER;
  }

  // What is wanted ----------------------------------------------------------------------------------------------------

  readonly #take = async (): Promise<void> => {
    this.#isLost = false;
    await this.#ask({ token: this.#known });
  };

  readonly #takeOver = async (): Promise<void> => {
    this.#isLost = false;
    await this.#ask({ takeOver: true });
  };

  async #release(): Promise<void> {
    const token = this.#done();
    if (token === undefined) return;
    try {
      await this.#client.request("unlock", { noun: this.#noun, recordId: this.#id, token });
    } catch {
      this.#sendRelease(token);
    }
  }

  /** Nobody edits here any more. A save that is on its way releases it by itself, and must find it as it was. */
  async #left(): Promise<void> {
    await this.#asking?.catch(() => undefined);
    if (this.isWatched) return;
    const left = this.#savedAt + SAVED_WITHIN - this.#client.clock.elapsed();
    if (!this.#lease || left <= 0) {
      await this.#release();
      return;
    }
    const stop = this.#list.subscribe(() => this.#heard());
    const over = this.#client.clock.after(left, () => {
      this.#later?.();
      this.#later = undefined;
      void this.#release();
    });
    this.#later = together(stop, over);
  }

  #sendRelease(token: number): void {
    const path = `/${this.#client.rest.paths[this.#noun]}/${encodeURIComponent(this.#id)}/lock`;
    void this.#client.rest.send("DELETE", path, { lockToken: token }).catch(() => undefined); // it ends by itself, too
  }

  async #ask(content: Asking): Promise<void> {
    if (this.#id.startsWith(PROVISIONAL)) return; // nobody else knows of it yet
    while (this.#asking) await this.#asking.catch(() => undefined);
    this.#asking = this.#claimed(content).finally(() => {
      this.#asking = undefined;
      if (!this.#lease) this.#claim.drop();
      else if (!this.isWatched) this.#later ??= this.#client.clock.after(SAVED_WITHIN, () => void this.#left());
      this.#heard();
    });
    this.changed();
    await this.#asking;
  }

  async #claimed(content: Asking): Promise<void> {
    if (await this.#claim.take(content.takeOver)) await this.#asked(content);
    else throw new ClientError("locked", "you are editing this in another tab", { retryable: false });
  }

  async #asked({ token, takeOver }: Asking): Promise<void> {
    const client = this.#client;
    const askedAt = (this.#askedAt = client.clock.elapsed());
    const content = { noun: this.#noun, recordId: this.#id, ...(token !== undefined && { token }), ...(takeOver && { takeOver }) };
    try {
      const { items } = await client.load("lock", async () => ({
        items: [(await client.request("lock", content)).lock],
      }));
      this.#error = null;
      for (const lock of items) this.#hold(lock as Lock, askedAt);
    } catch (error) {
      const why = (this.#error = asClientError(error));
      if (why.code === "locked" && token !== undefined && !this.#lease) {
        this.#kept.set(this.#lockId); // it is over; that of somebody else, or nobody's
        await this.#asked(takeOver ? { takeOver } : {});
        return;
      }
      if (why.code === "locked") {
        if (this.#lease) this.#lose();
        this.#kept.set(this.#lockId);
        this.#error = takeOver ? why : null; // who holds it says enough
        void this.#list.refresh().catch(() => undefined);
      } else if (!why.retryable) this.#end();
      throw why;
    }
  }

  // The lease ---------------------------------------------------------------------------------------------------------

  #hold({ token, until }: Lock, prolongedAt: number): void {
    const { clock } = this.#client;
    const ends = Math.min(clock.elapsed() + this.#time.left(until), prolongedAt + LEASE);
    this.#lease = { token, ends, prolongedAt };
    this.#last = token;
    this.#kept.set(this.#lockId, token);
    this.#attendance.bus.say({ holds: this.#lockId, token });
    this.#over?.();
    this.#over = clock.after(Math.max(0, ends - clock.elapsed()), () => {
      this.#end();
      this.changed();
    });
  }

  #lose(): void {
    this.#end();
    this.#kept.set(this.#lockId);
    this.#isLost = true;
  }

  /** Nobody edits here any more. Returns the token of a lock that is still to be given back. */
  #done(): number | undefined {
    this.#last = undefined;
    this.#kept.set(this.#lockId);
    return this.#end();
  }

  #end(): number | undefined {
    const token = this.#lease?.token;
    this.#lease = undefined;
    this.#claim.drop();
    this.#over?.();
    this.changed();
    return token;
  }

  get #known(): number | undefined {
    return this.#lease?.token ?? this.#kept.get(this.#lockId);
  }
}
