/**
 * Whether this person is at one of their tabs, and telling the server so: a beat every so often, and whenever that changes.
 *
 * Each tab tells the others when it is touched and when it is hidden; the one that has the socket beats for all of them. Its
 * own timers are slow while it is hidden, so then it beats by `environment.tick`.
 */

import type { Client } from "../client.js";
import { asClientError } from "../errors.js";
import type { Document } from "../merge-patch.js";
import type { Subscribers } from "../subscribers.js";
import { Bus } from "./bus.js";
import type { Words } from "./bus.js";
import type { ServerClock } from "./server-clock.js";
import { together } from "./store.js";
import { touches } from "./touches.js";

const IDLE = 300_000; // a tab that nobody has touched for so long is not in use
const SAID = 10_000; // touches within so long are one to other tabs
const SPACING = 5_000; // of beats that tell a change: whoever goes from window to window changes often
const AGAIN = 5_000; // after a beat that was refused for the moment
const REPLY = 5_000; // the server waits for 40 s, in which there has to be another connection

export class Attendance {
  readonly bus: Bus;
  readonly #client: Client;
  readonly #time: ServerClock;
  /** By tab, when somebody touched it the last time. */
  readonly #used = new Map<string, number>();
  readonly #uses: Subscribers<undefined>;
  readonly #touches: Subscribers<undefined>;
  readonly #moves: Subscribers<undefined>;
  readonly #hears: Subscribers<Words>;
  #stop: (() => void) | undefined;
  #stopTicking: (() => void) | undefined;
  #idle: (() => void) | undefined;
  #due: (() => void) | undefined;
  #beatAt = -Infinity;
  /** When something arrived over this connection the last time, which shows that it still is one. */
  #heardAt = -Infinity;
  /** The server of this connection is older than what is `silent`, and than beats beside something else. */
  #isPlain = false;
  #saidAt = -Infinity;
  /** What others were told the last time. */
  #wasActive = false;
  #wasUsed = false;

  constructor(client: Client, time: ServerClock) {
    this.#client = client;
    this.#time = time;
    this.#uses = client.subscribers();
    this.#touches = client.subscribers();
    this.#moves = client.subscribers();
    this.#hears = client.subscribers();
    this.bus = new Bus(client, (words, from) => this.#hear(words, from));
    client.onMoved = () => this.#moved();
    client.on("*", () => this.#heard());
  }

  /** Somebody sits at one of the tabs: it is looked at, and was touched within five minutes. */
  get active(): boolean {
    return [...this.#used.keys()].some((tab) => this.#isFresh(tab));
  }

  /** Somebody sits at this tab. */
  get used(): boolean {
    return this.#isFresh(this.bus.id);
  }

  /** Whether this tab has the socket. */
  get leads(): boolean {
    return this.#client.gate.leads ?? true;
  }

  /** Hears when `active` or `used` has changed. Returns how to stop. */
  onUse(listener: () => void): () => void {
    return this.#uses.add(listener);
  }

  /** Hears whenever somebody touches this tab. Returns how to stop. */
  onTouch(listener: () => void): () => void {
    return this.#touches.add(listener);
  }

  /** Hears when requests go over another connection: the server knows nothing of what was bound to the one before. */
  onMoved(listener: () => void): () => void {
    return this.#moves.add(listener);
  }

  /** Hears what other tabs say. Returns how to stop. */
  onSaid(listener: (words: Words) => void): () => void {
    return this.#hears.add(listener);
  }

  /** Says something else. A `view` is a beat, too, if more than half of one has gone by. What is `silent` is only refused. */
  async say(action: string, { silent, ...content }: Document): Promise<Document | undefined> {
    const isPlain = this.#isPlain;
    const isBeat = action === "view" && !isPlain && !!this.#stop && this.leads && this.#isOver(this.#beatAt);
    if (isBeat) this.#begun();
    const more = { ...(silent === true && !isPlain && { silent }), ...(isBeat && { active: this.active }) };
    try {
      const reply = await this.#client.request(action, { ...content, ...more }, REPLY);
      this.#heard();
      return reply;
    } catch (error) {
      const { code } = asClientError(error);
      if (silent && code === "timed_out") return {};
      if (isBeat) this.#beat(); // as it was none
      if (code !== "invalid_message" || isPlain) return undefined;
      this.#isPlain = true;
      return this.say(action, content);
    }
  }

  // While the client is at work ---------------------------------------------------------------------------------------

  start(): void {
    if (this.#stop) return;
    const { environment } = this.#client;
    this.#wasActive = this.#wasUsed = environment.visible(); // the first beat says so
    this.bus.open();
    this.#stop = together(
      (environment.onTouch ?? touches)(() => this.#touched()),
      environment.onLeave(() => this.#left()),
    );
    this.bus.say({ who: true });
    this.#touched();
    if (this.#client.state.status === "connected") this.#moved();
  }

  stop(): void {
    this.#left();
    this.#stop?.();
    this.#idle?.();
    this.#due?.();
    this.#stopTicking?.();
    this.#stop = this.#idle = this.#due = this.#stopTicking = undefined;
    this.#used.clear();
    this.#wasActive = this.#wasUsed = false;
    this.bus.close();
  }

  // -------------------------------------------------------------------------------------------------------------------

  #isFresh(tab: string): boolean {
    return this.#client.clock.elapsed() - (this.#used.get(tab) ?? -Infinity) < IDLE;
  }

  #touched(): void {
    const { clock, environment } = this.#client;
    if (!this.#stop || !environment.visible()) return;
    const now = clock.elapsed();
    const isNews = !this.used || now - this.#saidAt >= SAID;
    this.#used.set(this.bus.id, now);
    if (isNews) {
      this.#saidAt = now;
      this.bus.say({ used: 0 });
      this.#changed();
    }
    this.#touches.tell(undefined);
  }

  #left(): void {
    this.#used.delete(this.bus.id);
    this.bus.say({ unused: true });
    this.#changed();
  }

  #hear(words: Words, from: string): void {
    const { clock, environment } = this.#client;
    if ("used" in words) this.#used.set(from, clock.elapsed() - words.used);
    else if ("unused" in words) this.#used.delete(from);
    else if ("who" in words) {
      const touchedAt = this.#used.get(this.bus.id);
      if (touchedAt !== undefined && environment.visible()) this.bus.say({ used: clock.elapsed() - touchedAt });
      if (this.leads) this.#sayTime(false);
    } else if ("now" in words) {
      this.#time.heard(words.now, words.at, words.beat);
      if (words.moved) this.#moves.tell(undefined);
    } else this.#hears.tell(words);
    this.#changed();
  }

  /** Whatever may be different now, also when a while has gone by. */
  #changed(): void {
    if (!this.#stop) return;
    const { clock } = this.#client;
    this.#pace();
    this.#idle?.();
    const now = clock.elapsed();
    const ends = [...this.#used.values()].map((at) => at + IDLE - now).filter((left) => left > 0);
    this.#idle = clock.after(Math.min(...ends), () => this.#changed());
    const { active, used } = this;
    if (active === this.#wasActive && used === this.#wasUsed) return;
    const isNews = active !== this.#wasActive;
    this.#wasActive = active;
    this.#wasUsed = used;
    if (isNews) this.#beatIn(this.#beatAt + SPACING - now);
    this.#uses.tell(undefined);
  }

  #moved(): void {
    if (!this.#stop) return;
    this.#heardAt = -Infinity;
    this.#isPlain = false;
    if (this.leads) {
      this.#sayTime(true);
      this.#beat();
    }
    this.#pace();
    this.#moves.tell(undefined);
  }

  #sayTime(moved: boolean): void {
    this.bus.say({ now: this.#time.now(), at: this.#client.environment.now(), beat: this.#time.beat, moved });
  }

  /** Ticks while this tab leads and is hidden. */
  #pace(): void {
    const { environment } = this.#client;
    const isSlow = this.leads && !environment.visible();
    if (isSlow === (this.#stopTicking !== undefined)) return;
    this.#stopTicking?.();
    this.#stopTicking = undefined;
    if (!isSlow) return;
    const { beat } = this.#time;
    this.#stopTicking = environment.tick?.(beat, () => {
      this.#pace();
      if (this.#isOver(this.#beatAt)) this.#beat();
    });
  }

  #beat(): void {
    this.#due?.();
    this.#due = undefined;
    if (!this.leads) return;
    const { active } = this;
    // Who has just heard something knows that the connection is alive. Else the reply tells, in time for another one.
    const silent = !this.#isPlain && !this.#isOver(this.#heardAt);
    this.#begun();
    this.#client.request("presence", silent ? { active, silent } : { active }, REPLY).then(
      () => this.#heard(),
      (error: unknown) => {
        const { code, retryable, retryAfter } = asClientError(error);
        const isLate = code === "timed_out";
        if (silent && isLate) return; // it was not refused
        if (isLate) this.#client.wake(); // is there anybody?
        if (silent && !retryable) {
          this.#isPlain = true;
          this.#beat();
        } else if (!retryable || code === "not_connected") this.#due?.(); // it begins again with the next connection
        else this.#next(Math.max(AGAIN, retryAfter));
      },
    );
  }

  #begun(): void {
    this.#beatAt = this.#client.clock.elapsed();
    this.#next(this.#time.beat);
  }

  #heard(): void {
    this.#heardAt = this.#client.clock.elapsed();
  }

  /** Whether more than half of a beat has gone by since then. */
  #isOver(at: number): boolean {
    return this.#client.clock.elapsed() - at > this.#time.beat / 2;
  }

  #beatIn(milliseconds: number): void {
    if (milliseconds > 0) this.#next(milliseconds);
    else this.#beat(); // a page that is hidden may have no later
  }

  #next(milliseconds: number): void {
    this.#due?.();
    this.#due = this.#client.clock.after(milliseconds, () => this.#beat());
  }
}
