/** Writes without `Offline`: shown at once, sent at once, and as if never wanted when the server does not take them. */

import type { AnyRecord, Key } from "../cache.js";
import type { Client } from "../client.js";
import type { Document } from "../merge-patch.js";
import type { Offline } from "../offline/offline.js";
import { pathOf, taken } from "../offline/answers.js";
import { Queue, touchedBy } from "../offline/queue.js";
import type { Waiting, Write } from "../offline/queue.js";

/** Records as they will be when all that is on its way is done. */
export type Layer = Pick<Offline, "record" | "all" | "onChange" | "write" | "waiting">;

export class Direct implements Layer {
  readonly #client: Client;
  readonly #queue = new Queue();

  constructor(client: Client) {
    this.#client = client;
  }

  get waiting(): readonly Waiting[] {
    return this.#queue.waiting;
  }

  record(noun: string, id: string): AnyRecord | undefined {
    return this.#queue.over(noun, id, this.#client.cache.get(noun, id));
  }

  all(noun: string): AnyRecord[] {
    const ids = new Set([...this.#client.cache.all(noun).map(({ id }) => id), ...this.#queue.ids(noun)]);
    return [...ids].flatMap((id) => this.record(noun, id) ?? []);
  }

  onChange(listener: (keys: readonly Key[]) => void): () => void {
    return this.#client.onChange(listener);
  }

  async write(write: Write): Promise<Document> {
    const { cache, environment, rest } = this.#client;
    const waiting: Waiting = { ...write, key: environment.uuid(), at: environment.now() };
    const fetch = cache.fetching();
    this.#queue.put(waiting);
    this.#client.changed([touchedBy(waiting)]);
    let changed: readonly Key[] = [];
    try {
      const { body, version, method, key: idempotencyKey } = waiting;
      const answer = await rest.send(method, pathOf(waiting), { body, version, idempotencyKey });
      changed = taken(cache, waiting, answer, fetch);
      return answer;
    } finally {
      cache.done(fetch);
      this.#queue.remove(waiting.key);
      this.#client.changed([touchedBy(waiting), ...changed]);
    }
  }
}
