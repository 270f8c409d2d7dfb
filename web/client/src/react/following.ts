/** The figures and histories of a page, kept right by what is told; and records that nobody has asked for yet. */

import { hashKey } from "@tanstack/react-query";
import type { QueryKey } from "@tanstack/react-query";
import type { Key } from "../cache.js";
import { isDocument } from "../merge-patch.js";
import type { Document } from "../merge-patch.js";
import type { WireCommit, WireEvent } from "../protocol.js";
import type { Noun } from "../types.js";
import { followed } from "./follow.js";
import type { Followed, Told } from "./follow.js";
import type { Lists } from "./lists.js";
import type { Live } from "./live.js";

/** Figures, by `<noun>`, `stats`; or a history, by `<noun>`, `history` and an id. */
export type Path = readonly string[];

interface Ear {
  readonly path: string;
  readonly told: Told[];
}

export class Following {
  readonly #live: Live;
  readonly #lists: Lists;
  /** What has been told since some request was sent. */
  readonly #ears = new Set<Ear>();
  readonly #asked = new Set<Key>();
  /** Figures and histories as they are shown, and as the next frame shows them. */
  readonly #followed = new Map<string, readonly [QueryKey, Followed, Followed]>();

  constructor(live: Live, lists: Lists) {
    this.#live = live;
    this.#lists = lists;
  }

  /** Asks for figures or a history, and applies what was told of them meanwhile. */
  async ask<Answer extends Followed>(path: Path, ask: () => Promise<Answer>): Promise<Answer> {
    const ear: Ear = { path: hashKey(path), told: [] };
    this.#ears.add(ear);
    try {
      let answer = await ask();
      for (const told of ear.told) answer = followed(answer, told) ?? answer;
      return answer;
    } finally {
      this.#ears.delete(ear);
    }
  }

  /** Shows what was told since the last frame. */
  flush(): void {
    const { queries } = this.#live;
    for (const [queryKey, before, after] of this.#followed.values()) {
      // Another answer has heard of the same.
      if (queries.getQueryData(queryKey) === before) queries.setQueryData(queryKey, after);
    }
    this.#followed.clear();
  }

  /** Whatever anybody changes. */
  hear(event: WireEvent, commit: WireCommit): void {
    const [noun = "", verb] = event.type.split(":");
    const { [`${noun}Id`]: id, changes } = event.data;
    if (verb === "stats") this.#follow([noun, "stats"], [event, commit]);
    else if (typeof id === "string") {
      this.#follow([noun, "history", id], [event, commit]);
      if (verb !== "deleted" && !this.#live.client.record(noun, id)) this.#meet(noun as Noun, id, isDocument(changes) ? changes : undefined);
      if (verb === "deleted" || verb === "created") void this.#live.queries.invalidateQueries({ queryKey: [...this.#live.key, noun, "deleted"] });
    }
  }

  /** What cannot be followed is asked for again. */
  #follow(path: Path, told: Told): void {
    const hash = hashKey(path);
    for (const ear of this.#ears) if (ear.path === hash) ear.told.push(told);
    const { queries, key } = this.#live;
    const queryKey = [...key, ...path];
    const data = queries.getQueryData<Followed>(queryKey);
    if (data === undefined) return;
    const [, before, after] = this.#followed.get(hash) ?? [];
    const next = followed(after && before === data ? after : data, told);
    if (next === undefined) void queries.invalidateQueries({ queryKey });
    else {
      this.#followed.set(hash, [queryKey, data, next]);
      this.#live.soon();
    }
  }

  /** A record that nobody has loaded was changed: only if it may belong to a list now, it has to be asked for. */
  #meet(noun: Noun, id: string, changes: Document | undefined): void {
    const key = `${noun}/${id}`;
    if (this.#asked.has(key) || !this.#lists.mayEnter(noun, changes)) return;
    this.#asked.add(key);
    void this.#live
      .read(noun, id)
      .catch(() => undefined) // gone again, or not for this person
      .finally(() => this.#asked.delete(key));
  }
}
