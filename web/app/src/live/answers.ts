// What every screen has to know, and no commit tells: what somebody may do, and what their colleagues are called. Kept
// with their records, so that it is known without a network, too.

import type { Client } from "@openhouse/client";
import { contractVersion } from "@openhouse/client/fields";
import type { Store } from "@openhouse/client/offline";
import type { QueryClient } from "@tanstack/react-query";

const QUERIES = ["me", "directory"];
const nameOf = (query: string): string => `answer ${contractVersion}/${query}`;

/** The store, out of which these answers are known as soon as it is read. They are asked for all the same. */
export function withAnswers(store: Store, queries: QueryClient): Store {
  return {
    ...store,
    async load() {
      const kept = await store.load();
      for (const query of QUERIES) {
        const answer = kept.get(nameOf(query));
        if (answer === undefined || queries.getQueryData([query]) !== undefined) continue;
        queries.setQueryData([query], answer);
        void queries.invalidateQueries({ queryKey: [query], refetchType: "none" });
      }
      return kept;
    },
  };
}

/** Keeps what comes, and asks again with each connection for what could not be had. Returns how to stop. */
export function followAnswers(queries: QueryClient, store: Store, client: Client): () => void {
  const stops = [
    queries.getQueryCache().subscribe((event) => {
      if (event.type !== "updated" || event.action.type !== "success") return;
      const [query] = event.query.queryKey;
      if (typeof query !== "string" || !QUERIES.includes(query)) return;
      // What cannot be kept is asked for the next time.
      void store.write(new Map([[nameOf(query), event.query.state.data]])).catch(() => undefined);
    }),
    client.onState(({ status }) => {
      if (status === "connected") void queries.refetchQueries({ predicate: ({ state }) => state.status === "error" });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
