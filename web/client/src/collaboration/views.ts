/**
 * Who else looks at a record, and who types in which of its fields: hints, which are over by themselves. And telling others
 * so of this tab, as long as somebody sits at it.
 */

import type { Key } from "../cache.js";
import type { Client } from "../client.js";
import type { Document } from "../merge-patch.js";
import type { WireEvent } from "../protocol.js";
import type { Attendance } from "./attendance.js";
import type { ServerClock } from "./server-clock.js";
import { Watched, together } from "./store.js";
import type { Looking } from "./wire.js";

const PROVISIONAL = "~"; // as offline/queue.ts has it
const LOOK_EVERY = 8_000;
const QUIET_AT_MOST = 50_000; // however long the server says that nobody has to be told
const TYPE_EVERY = 3_000;
const LASTS = 10_000;

/** Somebody else, and the fields that they type in. */
export interface Viewer {
  readonly userId: string;
  readonly fields: readonly string[];
}

export interface Viewers {
  readonly viewers: readonly Viewer[];
}

export class Views {
  readonly #client: Client;
  readonly #time: ServerClock;
  readonly #attendance: Attendance;
  readonly #records = new Map<Key, RecordViews>();

  constructor(client: Client, time: ServerClock, attendance: Attendance) {
    this.#client = client;
    this.#time = time;
    this.#attendance = attendance;
    client.on("*", (event, commit) => {
      if (!commit) this.#hear(event as unknown as WireEvent);
    });
    attendance.onSaid((words) => {
      if ("looks" in words) this.#of(words.looks).looksElsewhere();
    });
  }

  /** Whoever watches it looks at the record. */
  of(noun: string, id: string): RecordViews {
    return this.#of(`${noun}/${id}`);
  }

  #of(key: Key): RecordViews {
    let views = this.#records.get(key);
    if (!views) {
      views = new RecordViews(key, this.#client, this.#time, this.#attendance);
      this.#records.set(key, views);
    }
    return views;
  }

  #hear({ type, data }: WireEvent): void {
    const [about, verb = ""] = type.split(":");
    const { userId, noun, recordId } = data as unknown as Looking;
    // One's own other tabs and devices are told of, too.
    if (about !== "user" || typeof recordId !== "string" || userId === this.#client.user) return;
    this.of(noun, recordId).hear(verb, data as unknown as Looking);
  }
}

interface Said {
  readonly field?: string | null;
  readonly leave?: true;
  readonly quiet?: true;
  readonly silent?: true;
}

/** When somebody is over, by the clock that no person sets. */
interface Seen {
  until: number;
  readonly fields: Map<string, number>;
}

export class RecordViews extends Watched<Viewers> {
  readonly #about: { readonly noun: string; readonly recordId: string };
  readonly #key: Key;
  readonly #client: Client;
  readonly #time: ServerClock;
  readonly #attendance: Attendance;
  readonly #seen = new Map<string, Seen>();
  #over: (() => void) | undefined;
  /** What was told last: most of what is heard says the same again. */
  #told = "[]";
  /** The next time that this tab says that it looks: to other tabs, and to the server unless nobody else looks. */
  #due: (() => void) | undefined;
  #saidAt = -Infinity;
  /** After how many milliseconds to say so again, as nobody else looks; 0, where somebody does. */
  #quietFor = 0;
  #elsewhereAt = -Infinity;
  #isTold = false;
  #field: string | null = null;
  #typedAt = -Infinity;
  #soon: (() => void) | undefined;

  constructor(key: Key, client: Client, time: ServerClock, attendance: Attendance) {
    super(client);
    const [noun = "", recordId = ""] = key.split("/");
    this.#about = { noun, recordId };
    this.#key = key;
    this.#client = client;
    this.#time = time;
    this.#attendance = attendance;
  }

  // Others ------------------------------------------------------------------------------------------------------------

  hear(verb: string, { userId, field, until }: Looking): void {
    const seen: Seen = this.#seen.get(userId) ?? { until: 0, fields: new Map() };
    if (verb === "viewing") seen.until = this.#ends(until);
    else if (verb === "typing" && field !== undefined) seen.fields.set(field, this.#ends(until));
    else if (verb === "stopped_typing" && field !== undefined) seen.fields.delete(field);
    else if (verb === "stopped_viewing") {
      seen.until = 0;
      seen.fields.clear();
    }
    this.#seen.set(userId, seen);
    this.#prune();
    // Whoever has come is told of this tab for ten seconds, unless it says so again.
    if (verb === "viewing" && this.#due && this.#quietFor) this.#look();
  }

  /** No later than ten seconds from now, whatever the clocks say. */
  #ends(until: string): number {
    return this.#client.clock.elapsed() + Math.min(LASTS, this.#time.left(until));
  }

  #prune(): void {
    const { clock } = this.#client;
    const now = clock.elapsed();
    for (const [userId, { until, fields }] of this.#seen) {
      for (const [field, ends] of fields) if (ends <= now) fields.delete(field);
      if (until <= now && fields.size === 0) this.#seen.delete(userId);
    }
    this.#over?.();
    let next = Infinity;
    for (const { until, fields } of this.#seen.values()) {
      for (const ends of [until, ...fields.values()]) if (ends > now) next = Math.min(next, ends);
    }
    this.#over = clock.after(next - now, () => this.#prune());
    const told = JSON.stringify(this.show().viewers);
    if (told === this.#told) return;
    this.#told = told;
    this.changed();
  }

  protected show(): Viewers {
    const viewers = [...this.#seen].map(([userId, { fields }]) => ({ userId, fields: [...fields.keys()].toSorted() }));
    return { viewers: viewers.toSorted((one, other) => (one.userId < other.userId ? -1 : 1)) };
  }

  // This tab ----------------------------------------------------------------------------------------------------------

  /** Another tab of this person looks at it, too: leaving it here says nothing. */
  looksElsewhere(): void {
    this.#elsewhereAt = this.#client.clock.elapsed();
  }

  protected begin(): () => void {
    this.#look();
    return together(
      this.#attendance.onUse(() => (this.#attendance.used ? this.#look() : this.#leave())),
      this.#attendance.onMoved(() => this.#look()),
      this.#client.onState(({ status }) => {
        if (status === "connected") this.#look();
      }),
      () => this.#leave(),
    );
  }

  /** `again`: what was said before may be enough. */
  #look(again = false): void {
    this.#due?.();
    this.#due = undefined;
    const { clock, state } = this.#client;
    if (!this.#attendance.used || state.status !== "connected") return;
    if (this.#about.recordId.startsWith(PROVISIONAL)) return; // nobody else knows of it yet
    this.#due = clock.after(LOOK_EVERY, () => this.#look(true));
    this.#isTold = true;
    this.#attendance.bus.say({ looks: this.#key });
    const said = clock.elapsed();
    if (again && said + LOOK_EVERY <= this.#saidAt + this.#quietFor) return;
    void this.#sayLooking(said, again);
  }

  /**
   * Who looks alone is quiet from then on: not if a `leave` was said just before, which may arrive later than this, and undo it.
   * A repeat is silent, as its reply would tell nothing new: neither to who is quiet, nor while others look.
   */
  async #sayLooking(said: number, again: boolean): Promise<void> {
    const mayBeQuiet = again || said - Math.max(this.#saidAt, this.#elsewhereAt) > LASTS;
    this.#saidAt = said;
    if (!again) this.#quietFor = 0;
    const silent = again && this.#quietFor + this.#seen.size > 0;
    const reply = await this.#say("view", silent ? { quiet: true, silent } : { quiet: true });
    const wait = 1_000 * Number(reply?.["again"]);
    if (!reply) this.#quietFor = 0;
    else if (mayBeQuiet && wait > LOOK_EVERY && this.#seen.size === 0) this.#quietFor = Math.min(wait, QUIET_AT_MOST);
  }

  #leave(): void {
    this.#due?.();
    this.#soon?.();
    this.#due = this.#soon = undefined;
    this.#field = null;
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#saidAt = this.#client.clock.elapsed();
    if (this.#saidAt - this.#elsewhereAt > LASTS) void this.#say("view", { leave: true, silent: true });
  }

  /** Somebody types in that field, or does no more. Told at most every three seconds. */
  types(name: string, isTyping = true): void {
    if (!isTyping && this.#field !== name) return; // but in another
    const field = isTyping ? name : null;
    const { clock } = this.#client;
    const wait = this.#typedAt + TYPE_EVERY - clock.elapsed();
    if (field === this.#field && (field === null || wait > 0)) return;
    this.#field = field;
    if (this.#soon) return; // which tells the last of them
    const tell = (): void => {
      this.#soon = undefined;
      this.#typedAt = clock.elapsed();
      if (this.#due && !this.#quietFor) // nobody else looks: whoever comes hears of the next one
        void this.#say("typing", { field: this.#field, silent: true }); // only to those who are told that we look
    };
    if (wait <= 0) tell();
    else this.#soon = clock.after(wait, tell);
  }

  /** They are hints: what is lost, or refused, is said again or is over soon. */
  async #say(action: string, content: Said): Promise<Document | undefined> {
    return this.#attendance.say(action, { ...this.#about, ...content });
  }
}
