import { useCallback, useEffect, useMemo } from "react";
import type { HistoryStep } from "../contract.js";
import type { HistoryOf, Noun } from "../types.js";
import { useLive } from "./provider.js";
import { useFollowed } from "./use-followed.js";

export interface RecordHistory {
  /** Newest first. */
  readonly steps: readonly HistoryStep[];
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly fetchMore: () => Promise<void>;
  readonly refetch: () => Promise<void>;
}

/** What happened to a record. New steps are made of the commits that tell of them. */
export function useHistory(noun: Noun, id: string | undefined, limit = 50): RecordHistory {
  const live = useLive();
  const queryKey = useMemo(() => [...live.key, noun, "history", id], [live, noun, id]);
  const [{ data, isPending, error }, refetch] = useFollowed<HistoryOf<Noun>>(queryKey, {
    enabled: id !== undefined,
    queryFn: () => live.following([noun, "history", id ?? ""], () => live.client.rest.history(noun, id ?? "", { limit })),
  });
  useEffect(() => live.reload(queryKey), [live, queryKey]);
  return {
    steps: data?.items ?? [],
    isPending,
    error,
    hasMore: data?.cursor !== undefined,
    fetchMore: useCallback(async () => {
      const cursor = live.queries.getQueryData<HistoryOf<Noun>>(queryKey)?.cursor;
      if (cursor === undefined || id === undefined) return;
      const page = await live.client.rest.history(noun, id, { limit, cursor });
      live.queries.setQueryData<HistoryOf<Noun>>(queryKey, (known) =>
        known?.cursor === cursor ? { ...page, items: [...known.items, ...page.items] } : known,
      );
    }, [live, queryKey, noun, id, limit]),
    refetch,
  };
}
