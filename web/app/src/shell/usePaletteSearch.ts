import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { AnyRecord, Noun } from "@openhouse/client";
import { usePerson } from "../api/context";
import { useConnectionState, useLive } from "../live/context";
import { type CrmRecord, type Module, MODULES, moduleOf } from "../modules/modules";
import { foundIn } from "./cachedSearch";
import { recentOf } from "./recent";

export interface Hit {
  readonly module: Module;
  readonly record: CrmRecord;
}

interface Found {
  readonly items: readonly { readonly type: Noun; readonly record: AnyRecord }[];
  readonly more: boolean;
}

const LEAST = 2; // letters
const MOST = 20;
const EACH = 5; // of each module, of what is kept here

/** Records of all modules that have the words. `kept`: among those of this browser alone, as the server is not there. */
export function usePaletteSearch(text: string): { hits: readonly Hit[]; kept: boolean; busy: boolean; more: boolean } {
  const { client, offline } = useLive();
  const { status } = useConnectionState();
  const wanted = text.length >= LEAST;
  const answer = useQuery({
    queryKey: ["search", text],
    enabled: wanted,
    networkMode: "always",
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const fetch = client.cache.fetching();
      try {
        const found = (await client.rest.send("GET", "/search", { query: { q: text, limit: MOST }, signal })) as unknown as Found;
        // One that is opened now is there at once.
        client.changed(found.items.flatMap(({ type, record }) => client.cache.load(type, [record], fetch)));
        return found;
      } finally {
        client.cache.done(fetch);
      }
    },
  });
  if (!wanted) return { hits: [], kept: false, busy: false, more: false };
  const kept = answer.isError || (status !== "connected" && !answer.data);
  const hits = kept
    ? MODULES.flatMap((module) => foundIn(offline.all(module.noun), text, EACH).map((record) => hit(module.noun, record)))
    : (answer.data?.items ?? []).map(({ type, record }) => hit(type, record));
  return { hits: hits.flatMap((each) => each ?? []), kept, busy: answer.isFetching, more: answer.data?.more ?? false };
}

/** What somebody has looked at last, as far as it is still known. */
export function useRecent(): readonly Hit[] {
  const { offline } = useLive();
  const { id: user } = usePerson();
  return recentOf(user).flatMap(({ noun, id }) => {
    const record = offline.record(noun, id);
    return (record && hit(noun, record)) ?? [];
  });
}

function hit(noun: string, record: AnyRecord): Hit | undefined {
  const module = moduleOf(noun);
  return module && { module, record: record as unknown as CrmRecord };
}
