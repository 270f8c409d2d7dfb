/** What somebody is notified of, and what they have read of it, on whatever device. */

import type { Client } from "../client.js";
import { isDocument } from "../merge-patch.js";
import type { Document } from "../merge-patch.js";
import type { WireCommit, WireEvent } from "../protocol.js";
import type { Loaded } from "../records.js";
import type { Subscribers } from "../subscribers.js";
import { Asked } from "./live-list.js";
import type { Listed } from "./live-list.js";
import { Once } from "./once.js";
import type { Preferences } from "./preferences.js";
import type { ServerClock } from "./server-clock.js";
import { together } from "./store.js";
import type { Channels, Message, Notification, NotificationPage, Reading } from "./wire.js";

const NOUN = "notification";
const READING = "reading";
const PAGE = 50;
const KEPT = 30 * 86_400_000;
const NEW = 60_000; // what is older was missed, and is found in the list

type Shown = Notification & { readonly read: boolean };

export interface Notifications extends Listed<Shown> {
  /** Also of those that are not loaded: of these, the server counts up to 100. */
  readonly unread: number;
  readonly hasMore: boolean;
  readonly fetchMore: () => Promise<void>;
  readonly markRead: (id: string) => Promise<void>;
  readonly markAllRead: () => Promise<void>;
  /** By leads, to a person or a team; by brokers, to anybody in the brokerage. */
  readonly send: (message: Message) => Promise<void>;
}

/** One that has just come, and how this person wants to hear of such. */
export interface News {
  readonly notification: Notification;
  readonly channels: Channels;
}

export class NotificationList extends Asked<Notifications> {
  readonly #time: ServerClock;
  readonly #preferences: Preferences;
  readonly #news: Subscribers<News>;
  /** What answers have said, or this tab has said. */
  readonly #read = new Set<string>();
  /** The last that is loaded, if there are more. */
  #edge: string | undefined;
  #cursor: string | undefined;
  #pages = 1;
  /** Unread ones that are not loaded. */
  #beyond = 0;
  /** Read elsewhere, and not loaded: the server was asked again how many there are. */
  readonly #counted = new Set<string>();
  readonly #made = new WeakMap<Notification, Shown>();
  readonly #once: Once;

  constructor(client: Client, time: ServerClock, preferences: Preferences) {
    super(client, NOUN, "notifications");
    this.#time = time;
    this.#preferences = preferences;
    this.#news = client.subscribers();
    this.#once = new Once(() => client.environment.uuid());
    client.on("*", (event, commit) => commit && this.#hear(event as unknown as WireEvent, commit));
  }

  /** Hears of each that comes while somebody is here, once in each tab. Returns how to stop. */
  onNews(listener: (news: News) => void): () => void {
    return together(this.#news.add(listener), this.#preferences.subscribe(() => undefined));
  }

  protected override begin(): () => void {
    return together(super.begin(), this.#preferences.subscribe(() => this.changed()));
  }

  protected override concerns(key: string): boolean {
    return super.concerns(key) || key.startsWith(`${READING}/`);
  }

  protected async answer(signal?: AbortSignal): Promise<Loaded> {
    const items: Notification[] = [];
    let cursor: string | undefined;
    let unread = 0;
    for (let page = 0; page < this.#pages && (page === 0 || cursor !== undefined); page++) {
      const found = await this.#page(cursor, signal);
      if (page === 0) unread = found.unread;
      items.push(...found.items);
      cursor = found.cursor;
    }
    this.#loaded(items, cursor);
    this.#beyond = unread - items.filter(({ read }) => !read).length;
    return { items };
  }

  protected show(): Notifications {
    const items = this.#shown().map((one) => this.#withRead(one));
    const unread = items.filter(({ read }) => !read).length + (this.#covers(this.#edge) ? 0 : Math.max(0, this.#beyond));
    const { fetchMore, markRead, markAllRead, send } = this;
    const hasMore = this.#cursor !== undefined;
    return { items, unread, hasMore, isPending: !this.isWhole, error: this.error, fetchMore, markRead, markAllRead, send };
  }

  readonly fetchMore = async (): Promise<void> => {
    const cursor = this.#cursor;
    if (cursor === undefined) return;
    await this.client.load(NOUN, async () => {
      const { items, cursor: next } = await this.#page(cursor);
      if (cursor !== this.#cursor) return { items: [] }; // it was asked for anew meanwhile
      this.#pages += 1;
      this.#loaded(items, next);
      this.#beyond -= items.filter(({ read }) => !read).length;
      return { items };
    });
    this.changed();
  };

  readonly markRead = async (id: string): Promise<void> => {
    await this.#mark([id], `/notifications/${encodeURIComponent(id)}/read`);
  };

  readonly markAllRead = async (): Promise<void> => {
    const beyond = this.#beyond;
    const ids = this.#shown().map(({ id }) => id);
    const [until] = ids;
    if (until === undefined) return;
    this.#beyond = 0;
    try {
      await this.#mark(ids, "/notifications/read", { until }); // what comes meanwhile has not been seen
    } catch (error) {
      this.#beyond = beyond;
      this.changed();
      throw error;
    }
  };

  readonly send = async (message: Message): Promise<void> => {
    await this.#once.ask(JSON.stringify(message), async (idempotencyKey) =>
      this.client.rest.send("POST", "/notifications", { body: message, idempotencyKey }),
    );
  };

  // -------------------------------------------------------------------------------------------------------------------

  /** Shown at once, and taken back if the server does not do it. */
  async #mark(ids: readonly string[], path: string, body?: Document): Promise<void> {
    const unread = ids.filter((id) => !this.#read.has(id));
    for (const id of unread) this.#read.add(id);
    this.changed();
    try {
      await this.client.rest.send("POST", path, { body });
    } catch (error) {
      for (const id of unread) this.#read.delete(id);
      this.changed();
      throw error;
    }
  }

  async #page(cursor?: string, signal?: AbortSignal): Promise<NotificationPage> {
    const answer: Document = await this.client.rest.send("GET", "/notifications", { query: { limit: PAGE, cursor }, signal });
    return answer as unknown as NotificationPage;
  }

  #loaded(items: readonly Notification[], cursor: string | undefined): void {
    for (const { id, read } of items) if (read) this.#read.add(id);
    this.#cursor = cursor;
    this.#edge = cursor === undefined ? undefined : (items.at(-1)?.id ?? this.#edge);
  }

  /** Newest first. */
  #shown(): Notification[] {
    const found = this.client.cache.all(NOUN) as unknown as Notification[];
    return found
      .filter((one) => this.#isWanted(one) && (this.#edge === undefined || one.id >= this.#edge))
      .toSorted((one, other) => (one.id < other.id ? 1 : -1));
  }

  /** What is for many is stored for all of them, also for those who do not want to hear of its kind. */
  #isWanted({ kind, updatedAt }: Notification): boolean {
    return this.#time.left(updatedAt) > -KEPT && this.#preferences.of(kind).inApp;
  }

  /** Also what this person has said themselves. */
  #isRead({ id, from }: Notification): boolean {
    if (from === this.client.user || this.#read.has(id) || this.#covers(id)) return true;
    return this.#readings().some(({ ids }) => ids.includes(id));
  }

  #covers(id: string | undefined): boolean {
    return id !== undefined && this.#readings().some(({ allUntil = "" }) => id <= allUntil);
  }

  #readings(): Reading[] {
    return this.client.cache.all(READING) as unknown as Reading[];
  }

  /** The same object for as long as nothing is different. */
  #withRead(one: Notification): Shown {
    const read = this.#isRead(one);
    const known = this.#made.get(one);
    if (known?.read === read) return known;
    const made = { ...one, read };
    this.#made.set(one, made);
    return made;
  }

  protected override told(): void {
    // Of those that are not loaded, nobody here can count which were read elsewhere.
    const isBeyond = (id: string): boolean => this.#edge !== undefined && id < this.#edge && !this.#counted.has(id);
    const missed = this.#readings().flatMap(({ ids }) => ids.filter(isBeyond));
    if (missed.length > 0 && this.#beyond > 0) {
      for (const id of missed) this.#counted.add(id);
      void this.refresh().catch(() => undefined);
    }
    super.told();
  }

  #hear({ type, data }: WireEvent, { at }: WireCommit): void {
    if (!type.startsWith(`${NOUN}:`) || !isDocument(data.notification) || this.#time.left(at) < -NEW) return;
    const notification = data.notification as unknown as Notification;
    if (this.#isWanted(notification) && !this.#isRead(notification)) this.#news.tell({ notification, channels: this.#preferences.of(notification.kind) });
  }
}
