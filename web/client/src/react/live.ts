/**
 * TanStack Query over the records of a client: what is asked for once is patched from then on, a frame at a time.
 *
 * A query holds what its hook shows, made of the client's one copy of each record; so no answer and no patch can
 * disagree with another. Every query lives under `key`, which no other client has.
 */

import { QueryClient, hashKey } from "@tanstack/react-query";
import type { QueryKey } from "@tanstack/react-query";
import { keyOf, partsOf } from "../cache.js";
import type { AnyRecord, Key } from "../cache.js";
import type { Client } from "../client.js";
import { Problem, asClientError } from "../errors.js";
import { isDocument } from "../merge-patch.js";
import type { Document } from "../merge-patch.js";
import type { Offline } from "../offline/offline.js";
import type { Write } from "../offline/queue.js";
import { PROVISIONAL } from "../offline/queue.js";
import type { WireCommit, WireEvent } from "../protocol.js";
import type { Loaded } from "../records.js";
import { Subscribers } from "../subscribers.js";
import type { HistoryOf, Noun, PageOf, QueryOf, StatsOf } from "../types.js";
import { Conflict } from "./conflict.js";
import { direct } from "./direct.js";
import type { Layer } from "./direct.js";
import { counted, told } from "./follow.js";
import type { ListData, ListView } from "./list-view.js";
import type * as Lists from "./lists.js";

/** An event, and the commit that it came with. */
export type Told = readonly [event: WireEvent, commit: WireCommit];

let lives = 0;
/** What lists are made of is loaded beside the first of them. */
let lists: typeof Lists | undefined;

async function loadLists(): Promise<void> {
  lists ??= await import("./lists.js");
}

export class Live {
  readonly client: Client;
  readonly layer: Layer;
  readonly queries: QueryClient;
  readonly key: QueryKey = ["openhouse", ++lives];
  readonly #own: Subscribers<string>;
  readonly #dirty = new Set<Key>();
  /** Records with writes that wait, as they are shown: the same object for as long as nothing is different. */
  readonly #shown = new Map<Key, AnyRecord | undefined>();
  /** What has been told since some request was sent. */
  readonly #ears = new Set<Told[]>();
  readonly #asked = new Set<Key>();
  /** Lists that were asked for before there was anything to follow. */
  readonly #firsts = new Map<string, Promise<Loaded>>();
  #resets = 0;
  #frame: number | undefined;

  constructor(client: Client, offline?: Offline, queries = new QueryClient()) {
    this.client = client;
    this.layer = offline ?? direct(client);
    this.queries = queries;
    this.#own = new Subscribers((error) => client.environment.report(error));
  }

  /** Follows the client. Returns how to stop. */
  start(): () => void {
    const { client } = this;
    loadLists().catch(() => undefined); // whoever shows one tries again
    const stops = [
      this.layer.onChange((keys) => this.#changed(keys)),
      client.on("*", (event, commit) => {
        if (commit) this.#hear(event as unknown as WireEvent, commit);
      }),
      client.onState(({ status }) => {
        if (status !== "connected") return;
        this.#firsts.clear();
        void this.queries.refetchQueries({ queryKey: this.key, predicate: ({ state }) => state.status === "error" });
      }),
      client.onRecovered(({ reset }) => {
        if (reset.length === 0) return;
        this.#resets += 1;
        // What is not in use was not loaded again.
        this.queries.removeQueries({ queryKey: this.key, type: "inactive" });
      }),
      () => {
        if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
        this.#frame = undefined;
      },
    ];
    this.#shown.clear();
    // Whatever happened while nobody listened.
    for (const [, data] of this.#lists()) data.view.rebuild(this.kept(data.view.noun));
    this.#changed([...client.cache.entries()].map(([key]) => key));
    return () => {
      for (const stop of stops) stop();
    };
  }

  // Records -----------------------------------------------------------------------------------------------------------

  /** A record as it is shown: with what waits. The same object until it looks different. */
  record(noun: string, id: string): AnyRecord | undefined {
    const record = this.layer.record(noun, id);
    if (record === this.client.record(noun, id)) return record;
    const key = keyOf(noun, id);
    if (!this.#shown.has(key)) this.#shown.set(key, record && this.#whole(noun, record));
    return this.#shown.get(key);
  }

  /** All that are known of a module. */
  kept(noun: string): AnyRecord[] {
    return this.layer.all(noun).flatMap(({ id }) => this.record(noun, id) ?? []);
  }

  /** Hears of writes of one's own, by their noun. Returns how to stop. */
  onOwn(listener: (noun: string) => void): () => void {
    return this.#own.add(listener);
  }

  /** Shows what is wanted before it returns. Rejects with a Conflict, or with why it is not done. */
  async write(write: Write, base?: AnyRecord): Promise<Document> {
    const { noun, id } = write;
    const before = base ?? (id === undefined ? undefined : this.client.record(noun, id));
    const answer = this.layer.write(write);
    this.flush();
    this.#own.tell(noun);
    try {
      return await answer;
    } catch (error) {
      const isConflict = error instanceof Problem && (error.status === 409 || error.status === 412);
      if (!isConflict) throw error;
      throw new Conflict(error, write, before, id === undefined ? undefined : this.client.record(noun, id));
    }
  }

  // Lists -------------------------------------------------------------------------------------------------------------

  /** What is known of a list without asking. */
  guess(noun: Noun, filters: Document): readonly AnyRecord[] {
    const view = lists && this.#view(noun, filters, lists.ListView);
    view?.rebuild(this.kept(noun));
    return view?.data.records ?? [];
  }

  /** Loads a list from its beginning, as far as it was loaded before. */
  async list(key: QueryKey, filters: Document, limit: number, signal?: AbortSignal): Promise<ListData> {
    await loadLists();
    const view = this.#viewOf(key, filters);
    const load = this.#pages(view, filters, limit, Math.max(1, view.pages), undefined, signal);
    const hash = hashKey(key);
    if (this.#isFollowing) return load.then(() => view.data);
    this.#firsts.set(hash, load);
    return load.then(() => view.data);
  }

  /** Keeps it loaded where the log cannot tell what was missed. Returns how to end that. */
  use(key: QueryKey, noun: Noun, filters: Document, limit: number): () => void {
    const load = async (signal: AbortSignal): Promise<Loaded> => {
      // What was asked for before there was anything to follow is followed from its own positions.
      const first = this.#isFollowing ? undefined : await this.#firsts.get(hashKey(key))?.catch(() => undefined);
      if (first) return first;
      await loadLists();
      const view = this.#viewOf(key, filters);
      const loaded = await this.#pages(view, filters, limit, Math.max(1, view.pages), undefined, signal);
      this.queries.setQueryData(key, view.data);
      return loaded;
    };
    return this.client.use({ noun, load });
  }

  /** Loads one more page, and shows it. */
  async more(key: QueryKey, filters: Document, limit: number): Promise<void> {
    const view = this.queries.getQueryData<ListData>(key)?.view;
    if (view?.cursor === undefined || view.more === "pending") return;
    const show = (more: ListData["more"]): void => {
      view.more = more;
      if (this.queries.getQueryData<ListData>(key)?.view === view) this.queries.setQueryData(key, view.data);
    };
    show("pending");
    try {
      await this.#pages(view, filters, limit, 1, view.cursor);
      show("idle");
    } catch (error) {
      show({ error: asClientError(error) });
    }
  }

  /** Takes one record. */
  async read(noun: Noun, id: string, signal?: AbortSignal): Promise<void> {
    const { client } = this;
    await client.load(noun, async () => ({ items: [await client.rest.read(noun, id, signal)] }));
  }

  async again(noun: Noun, id: string, signal: AbortSignal): Promise<Loaded> {
    try {
      return { items: id.startsWith(PROVISIONAL) ? [] : [await this.client.rest.read(noun, id, signal)] };
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return { items: [] };
      throw error;
    }
  }

  /** Asks for it again where the log cannot tell what was missed. Returns how to end that. */
  reload(key: QueryKey): () => void {
    return this.client.onRecovered(({ reset }) => {
      if (reset.length > 0) void this.queries.invalidateQueries({ queryKey: key });
    });
  }

  async #pages(
    view: ListView,
    filters: Document,
    limit: number,
    pages: number,
    from?: string,
    signal?: AbortSignal,
  ): Promise<Loaded> {
    const { noun } = view;
    const { client } = this;
    const isDeleted = filters.deleted !== undefined; // those are not among the client's records
    for (;;) {
      const resets = this.#resets;
      const items: AnyRecord[] = [];
      let [cursor, loaded] = [from, 0];
      let positions: unknown;
      do {
        const query = { ...filters, limit, cursor } as QueryOf<Noun>;
        const ask = (): Promise<PageOf<Noun>> => client.rest.list(noun, query, signal);
        const page = await (isDeleted ? ask() : client.load(noun, ask));
        positions ??= page.positions;
        items.push(...(page.items as unknown as AnyRecord[]));
        cursor = page.cursor;
        loaded += 1;
      } while (cursor !== undefined && (loaded < pages || items.length === 0));
      if (resets !== this.#resets) continue; // what it brought was dropped with all else
      view.loaded(
        { items, cursor, pages: from === undefined ? loaded : view.pages + loaded },
        (id) => client.record(noun, id),
        isDeleted ? [...(from === undefined ? [] : view.data.records), ...items] : this.kept(noun),
      );
      return { items, positions };
    }
  }

  #viewOf(key: QueryKey, filters: Document): ListView {
    const known = this.queries.getQueryData<ListData>(key)?.view;
    if (known) return known;
    if (!lists) throw new Error("not loaded");
    return this.#view(key[2] as Noun, filters, lists.ListView);
  }

  #view(noun: Noun, filters: Document, Made: typeof ListView): ListView {
    return new Made(noun, filters, (id) => this.record(noun, id));
  }

  get #isFollowing(): boolean {
    return Object.keys(this.client.feed.positions()).length > 0;
  }

  // Following ---------------------------------------------------------------------------------------------------------

  /** Asks for something that events change, and applies what was told meanwhile. */
  async following<Answer extends object>(
    ask: () => Promise<Answer>,
    apply: (answer: Answer, told: Told) => Answer | undefined,
  ): Promise<Answer> {
    const ears: Told[] = [];
    this.#ears.add(ears);
    try {
      let answer: Answer = await ask();
      for (const each of ears) answer = apply(answer, each) ?? answer;
      return answer;
    } finally {
      this.#ears.delete(ears);
    }
  }

  /** Patches every query now, instead of with the next frame. */
  flush(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    const byNoun = new Map<string, Set<string>>();
    for (const key of this.#dirty) {
      this.#shown.delete(key);
      const [noun, id] = partsOf(key);
      byNoun.set(noun, (byNoun.get(noun) ?? new Set()).add(id));
      const queryKey = [...this.key, noun, "record", id];
      if (this.queries.getQueryState(queryKey)) this.queries.setQueryData(queryKey, this.record(noun, id) ?? null);
    }
    this.#dirty.clear();
    for (const [queryKey, { view }] of this.#lists()) {
      const ids = byNoun.get(view.noun);
      if (ids && view.apply(ids, () => this.kept(view.noun))) this.queries.setQueryData(queryKey, view.data);
    }
  }

  #lists(): [QueryKey, ListData][] {
    const queries = this.queries.getQueryCache().findAll({ queryKey: this.key });
    return queries.flatMap(({ queryKey, state }): [QueryKey, ListData][] =>
      queryKey[3] === "list" && state.data !== undefined ? [[queryKey, state.data as ListData]] : [],
    );
  }

  #changed(keys: readonly Key[]): void {
    for (const key of keys) {
      this.#dirty.add(key);
      this.#shown.delete(key);
    }
    if (keys.length > 0) this.#frame ??= requestAnimationFrame(() => this.flush());
  }

  #hear(event: WireEvent, commit: WireCommit): void {
    for (const ears of this.#ears) ears.push([event, commit]);
    const [noun = "", verb] = event.type.split(":");
    const { [`${noun}Id`]: id, changes } = event.data;
    if (verb === "stats") {
      this.#follow<StatsOf<Noun>>([noun, "stats"], (stats) => counted(stats, [event, commit]));
    } else if (typeof id === "string") {
      this.#follow<HistoryOf<Noun>>([noun, "history", id], (history) => told(history, [event, commit]));
      if (verb !== "deleted" && !this.client.record(noun, id)) this.#meet(noun as Noun, id, isDocument(changes) ? changes : undefined);
      if (verb === "deleted" || verb === "created") void this.queries.invalidateQueries({ queryKey: [...this.key, noun, "deleted"] });
    }
  }

  /** What cannot be followed is asked for again. */
  #follow<Data>(path: readonly string[], apply: (data: Data) => Data | undefined): void {
    const queryKey = [...this.key, ...path];
    const data = this.queries.getQueryData<Data>(queryKey);
    if (data === undefined) return;
    const next = apply(data);
    if (next === undefined) void this.queries.invalidateQueries({ queryKey });
    else if (next !== data) this.queries.setQueryData(queryKey, next);
  }

  /** A record that nobody has loaded was changed: only if it may belong to a list now, it has to be asked for. */
  #meet(noun: Noun, id: string, changes: Document | undefined): void {
    const key = keyOf(noun, id);
    if (this.#asked.has(key) || !this.#lists().some(([, { view }]) => view.noun === noun && view.mayEnter(changes))) return;
    this.#asked.add(key);
    const { client } = this;
    void client
      .load(noun, async () => ({ items: [await client.rest.read(noun, id)] }))
      .catch(() => undefined) // gone again, or not for this person
      .finally(() => this.#asked.delete(key));
  }

  /** A record that is not created yet has what the server will say of it. */
  #whole(noun: string, record: AnyRecord): AnyRecord {
    if (!record.id.startsWith(PROVISIONAL)) return record;
    const { user, environment } = this.client;
    const now = new Date(environment.now()).toISOString();
    const by = { createdBy: user, updatedBy: user, ownerId: user };
    const status = lists?.listed[noun as Noun].status;
    return { status, archived: false, visibility: "team", createdAt: now, updatedAt: now, ...by, ...record };
  }
}
