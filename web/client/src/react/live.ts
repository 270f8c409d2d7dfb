/**
 * TanStack Query over the records of a client: what is asked for once is patched from then on, a frame at a time.
 *
 * A query holds what its hook shows, made of the client's one copy of each record; so no answer and no patch can
 * disagree with another. Every query lives under `key`, which no other client has.
 */

import { QueryClient } from "@tanstack/react-query";
import type { QueryKey } from "@tanstack/react-query";
import { keyOf, partsOf } from "../cache.js";
import type { AnyRecord, Key } from "../cache.js";
import type { Client } from "../client.js";
import type { Collaboration } from "../collaboration/collaboration.js";
import { Problem } from "../errors.js";
import type { Document } from "../merge-patch.js";
import type { Offline } from "../offline/offline.js";
import type { Write } from "../offline/queue.js";
import { PROVISIONAL } from "../offline/queue.js";
import type { WireEvent } from "../protocol.js";
import type { Loaded } from "../records.js";
import { Subscribers } from "../subscribers.js";
import type { Noun } from "../types.js";
import { Conflict } from "./conflict.js";
import { direct } from "./direct.js";
import type { Layer } from "./direct.js";
import type { Followed } from "./follow.js";
import { Frames } from "./frames.js";
import type { Path } from "./following.js";
import type { ListData } from "./list-view.js";
import type { Lists } from "./lists.js";
import type * as Parts from "./parts.js";

let lives = 0;
/** Loaded as soon as there is a provider. */
let parts: typeof Parts | undefined;

export class Live {
  readonly client: Client;
  readonly layer: Layer;
  readonly queries: QueryClient;
  readonly key: QueryKey = ["openhouse", ++lives];
  readonly #own: Subscribers<string>;
  readonly #dirty = new Set<Key>();
  /** Records with writes that wait, as they are shown: the same object for as long as nothing is different. */
  readonly #shown = new Map<Key, AnyRecord | undefined>();
  /** What is behind working together, once it is loaded. */
  collaboration: Collaboration | undefined;
  #lists: Lists | undefined;
  /** How often the log could not tell what was missed, so that what nobody uses was dropped. */
  resets = 0;
  readonly #frames = new Frames(() => this.flush());

  constructor(client: Client, offline?: Offline, queries = new QueryClient()) {
    this.client = client;
    this.layer = offline ?? direct(client);
    this.queries = queries;
    this.#own = new Subscribers((error) => client.environment.report(error));
    this.#lists = parts && new parts.Lists(this);
  }

  /** Follows the client. Returns how to stop. */
  start(): () => void {
    const { client } = this;
    this.lists()
      .then(() => this.together())
      .catch(() => undefined); // whoever shows something tries again
    const stops = [
      this.layer.onChange((keys) => this.#changed(keys)),
      client.on("*", (event, commit) => {
        if (commit) this.#lists?.following.hear(event as unknown as WireEvent, commit);
      }),
      client.onState(({ status }) => {
        if (status !== "connected") return;
        this.#lists?.connected();
        void this.queries.refetchQueries({ queryKey: this.key, predicate: ({ state }) => isMissing(state) });
      }),
      client.onRecovered(({ reset }) => {
        if (reset.length === 0) return;
        this.resets += 1;
        // What is not in use was not loaded again.
        this.queries.removeQueries({ queryKey: this.key, type: "inactive" });
      }),
      () => this.#frames.cancel(),
    ];
    this.#shown.clear();
    // Whatever happened while nobody listened.
    this.#lists?.rebuild();
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
    if (!this.#shown.has(key)) this.#shown.set(key, record && (this.#lists?.whole(noun, record) ?? record));
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

  // What is asked for -------------------------------------------------------------------------------------------------

  /** The lists of this page, as soon as what they are made of is there. */
  async lists(): Promise<Lists> {
    parts ??= await import("./parts.js");
    if (!this.#lists) this.#shown.clear(); // what is not created yet looks different
    return (this.#lists ??= new parts.Lists(this));
  }

  /** The server is told that this person is there from then on. */
  async together(): Promise<Collaboration> {
    const { collaboration } = await import("../collaboration/collaboration.js");
    return (this.collaboration = collaboration(this.client));
  }

  /** What is known of a list without asking. */
  guess(noun: Noun, filters: Document): readonly AnyRecord[] {
    return this.#lists?.guess(noun, filters) ?? [];
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

  /** Asks for figures or a history, and applies what was told of them meanwhile. */
  async following<Answer extends Followed>(path: Path, ask: () => Promise<Answer>): Promise<Answer> {
    return (await this.lists()).following.ask(path, ask);
  }

  // Following ---------------------------------------------------------------------------------------------------------

  /** Patches every query now, instead of with a frame. */
  flush(): void {
    this.#frames.cancel();
    const byNoun = new Map<string, Set<string>>();
    for (const key of this.#dirty) {
      this.#shown.delete(key);
      const [noun, id] = partsOf(key);
      byNoun.set(noun, (byNoun.get(noun) ?? new Set()).add(id));
      const queryKey = [...this.key, noun, "record", id];
      if (this.queries.getQueryState(queryKey)) this.queries.setQueryData(queryKey, this.record(noun, id) ?? null);
    }
    this.#dirty.clear();
    this.#lists?.changed(byNoun);
    this.#lists?.following.flush();
  }

  /** With one of the next frames. */
  soon(): void {
    this.#frames.soon();
  }

  #changed(keys: readonly Key[]): void {
    for (const key of keys) {
      this.#dirty.add(key);
      this.#shown.delete(key);
    }
    if (keys.length > 0) this.soon();
  }
}

/** It could not be asked for; a list of what was kept takes its place. */
function isMissing({ status, data }: { readonly status: string; readonly data: unknown }): boolean {
  return status === "error" || (data as Partial<ListData> | undefined)?.view?.pages === 0;
}
