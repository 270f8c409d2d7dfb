import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import type { Noun, StatsOf } from "../types.js";
import { counted } from "./follow.js";
import { FOLLOWED } from "./options.js";
import { useLive } from "./provider.js";

export interface Stats<N extends Noun> {
  readonly stats: StatsOf<N> | undefined;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly refetch: () => Promise<void>;
}

/** The figures of a module: of all rooms, and of each. Commits tell how they change. */
export function useStats<N extends Noun>(noun: N): Stats<N> {
  const live = useLive();
  const queryKey = useMemo(() => [...live.key, noun, "stats"], [live, noun]);
  const { data, isPending, error, refetch } = useQuery<StatsOf<Noun>>(
    {
      ...FOLLOWED,
      queryKey,
      queryFn: ({ signal }) =>
        live.following(
          () => live.client.rest.stats<Noun>(noun, signal),
          (stats, told) => (told[0].type === `${noun}:stats` ? counted(stats, told) : stats),
        ),
    },
    live.queries,
  );
  useEffect(() => live.reload(queryKey), [live, queryKey]);
  return {
    stats: data as StatsOf<N> | undefined,
    isPending,
    error,
    refetch: useCallback(async () => void (await refetch()), [refetch]),
  };
}
