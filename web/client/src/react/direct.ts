/** Writes without `Offline`: sent at once, and shown when they are done. */

import type { Client } from "../client.js";
import { pathOf, taken } from "../offline/answers.js";
import type { Offline } from "../offline/offline.js";

/** Records as they are shown, and what changes them. */
export type Layer = Pick<Offline, "record" | "all" | "onChange" | "write" | "waiting">;

export function direct(client: Client): Layer {
  const { cache, rest, environment } = client;
  return {
    waiting: [],
    record: (noun, id) => cache.get(noun, id),
    all: (noun) => cache.all(noun),
    onChange: (listener) => client.onChange(listener),
    write: async (write) => {
      const fetch = cache.fetching();
      try {
        const { method, body, version, lockToken } = write;
        const request = { body, version, lockToken, idempotencyKey: environment.uuid() };
        const answer = await rest.send(method, pathOf(write), request);
        client.changed(taken(cache, write, answer, fetch));
        return answer;
      } finally {
        cache.done(fetch);
      }
    },
  };
}
