/** The lists of a page: each is the data of a query, loaded page by page and kept right by what changes. */

import { hashKey } from "@tanstack/react-query";
import type { QueryKey } from "@tanstack/react-query";
import type { AnyRecord } from "../cache.js";
import { asClientError } from "../errors.js";
import { listed } from "../listed.js";
import type { Document } from "../merge-patch.js";
import { PROVISIONAL } from "../offline/queue.js";
import type { Loaded } from "../records.js";
import type { Noun, PageOf, QueryOf } from "../types.js";
import { Following } from "./following.js";
import { ListView } from "./list-view.js";
import type { ListData } from "./list-view.js";
import type { Live } from "./live.js";

export class Lists {
  readonly following: Following;
  readonly #live: Live;
  /** Those that were asked for before there was anything to follow. */
  readonly #firsts = new Map<string, Promise<Loaded>>();

  constructor(live: Live) {
    this.#live = live;
    this.following = new Following(live, this);
  }

  // Asking ------------------------------------------------------------------------------------------------------------

  /** What is known of a list without asking. */
  guess(noun: Noun, filters: Document): readonly AnyRecord[] {
    const view = this.#view(noun, filters);
    view.rebuild(this.#live.kept(noun));
    return view.data.records;
  }

  /** Loads a list from its beginning, as far as it was loaded before. */
  async load(key: QueryKey, filters: Document, limit: number, signal: AbortSignal): Promise<ListData> {
    const view = this.#viewOf(key, filters);
    const load = this.#again(view, filters, limit, signal);
    if (!this.#isFollowing) this.#firsts.set(hashKey(key), load);
    try {
      await load;
    } catch (error) {
      if (view.pages === 0 && !signal.aborted && asClientError(error).retryable) this.#makeDo(key, view, filters);
      throw error;
    }
    return view.data;
  }

  /** What is kept is the list until there is an answer: it follows what is changed meanwhile. */
  #makeDo(key: QueryKey, view: ListView, filters: Document): void {
    if (filters.deleted !== undefined) return;
    view.rebuild(this.#live.kept(view.noun));
    if (view.data.records.length > 0) this.#live.queries.setQueryData(key, view.data);
  }

  /** The same where the log could not tell what was missed. */
  async reload(key: QueryKey, filters: Document, limit: number, signal: AbortSignal): Promise<Loaded> {
    // What was asked for before there was anything to follow is followed from its own positions.
    const first = this.#isFollowing ? undefined : await this.#firsts.get(hashKey(key))?.catch(() => undefined);
    if (first) return first;
    const view = this.#viewOf(key, filters);
    const loaded = await this.#again(view, filters, limit, signal);
    this.#live.queries.setQueryData(key, view.data);
    return loaded;
  }

  /** Loads one more page, and shows it. */
  async more(key: QueryKey, filters: Document, limit: number): Promise<void> {
    const { queries } = this.#live;
    const view = queries.getQueryData<ListData>(key)?.view;
    if (view?.cursor === undefined || view.more === "pending") return;
    const show = (more: ListData["more"]): void => {
      view.more = more;
      if (queries.getQueryData<ListData>(key)?.view === view) queries.setQueryData(key, view.data);
    };
    show("pending");
    try {
      await this.#pages(view, filters, limit, 1, view.cursor);
      show("idle");
    } catch (error) {
      show({ error: asClientError(error) });
    }
  }

  async #again(view: ListView, filters: Document, limit: number, signal: AbortSignal): Promise<Loaded> {
    return this.#pages(view, filters, limit, Math.max(1, view.pages), undefined, signal);
  }

  async #pages(
    view: ListView,
    filters: Document,
    limit: number,
    pages: number,
    from?: string,
    signal?: AbortSignal,
  ): Promise<Loaded> {
    const live = this.#live;
    const { client } = live;
    const { noun } = view;
    const isDeleted = filters.deleted !== undefined; // those are not among the client's records
    for (;;) {
      const { resets } = live;
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
      if (resets !== live.resets) continue; // what it brought was dropped with all else
      view.loaded(
        { items, cursor, pages: from === undefined ? loaded : view.pages + loaded },
        (id) => client.record(noun, id),
        isDeleted ? [...(from === undefined ? [] : view.data.records), ...items] : live.kept(noun),
      );
      return { items, positions };
    }
  }

  #viewOf(key: QueryKey, filters: Document): ListView {
    return this.#live.queries.getQueryData<ListData>(key)?.view ?? this.#view(key[2] as Noun, filters);
  }

  #view(noun: Noun, filters: Document): ListView {
    return new ListView(noun, filters, (id) => this.#live.record(noun, id));
  }

  get #isFollowing(): boolean {
    return Object.keys(this.#live.client.feed.positions()).length > 0;
  }

  // Following ---------------------------------------------------------------------------------------------------------

  /** There is something to follow from now on. */
  connected(): void {
    this.#firsts.clear();
  }

  /** Each from all that is known. */
  rebuild(): void {
    for (const [, { view }] of this.#all()) view.rebuild(this.#live.kept(view.noun));
  }

  /** These records look different, or are gone: their ids by their nouns. */
  changed(byNoun: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const [queryKey, { view }] of this.#all()) {
      const ids = byNoun.get(view.noun);
      if (ids && view.apply(ids, () => this.#live.kept(view.noun))) this.#live.queries.setQueryData(queryKey, view.data);
    }
  }

  /** Whether a record of which nothing else is known may belong to one of them now, and did not before these changes. */
  mayEnter(noun: Noun, changes: Document | undefined): boolean {
    return this.#all().some(([, { view }]) => view.noun === noun && view.mayEnter(changes));
  }

  /** A record that is not created yet has what the server will say of it. */
  whole(noun: string, record: AnyRecord): AnyRecord {
    if (!record.id.startsWith(PROVISIONAL)) return record;
    const { user, environment } = this.#live.client;
    const now = new Date(environment.now()).toISOString();
    const by = { createdBy: user, updatedBy: user, ownerId: user };
    const status = listed[noun as Noun].status;
    return { status, archived: false, visibility: "team", createdAt: now, updatedAt: now, ...by, ...record };
  }

  #all(): [QueryKey, ListData][] {
    const queries = this.#live.queries.getQueryCache().findAll({ queryKey: this.#live.key });
    return queries.flatMap(({ queryKey, state }): [QueryKey, ListData][] =>
      queryKey[3] === "list" && state.data !== undefined ? [[queryKey, state.data as ListData]] : [],
    );
  }
}
