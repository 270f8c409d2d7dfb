import { useEffect, useMemo } from "react";
import type { Noun, StatsOf } from "../types.js";
import { useLive } from "./provider.js";
import { useFollowed } from "./use-followed.js";

export interface Stats<N extends Noun> {
  readonly stats: StatsOf<N> | undefined;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly refetch: () => Promise<void>;
}

/** Of figures, those that are to be shown: while it returns the same object, nothing is rendered. */
export type Select = <Known extends StatsOf<Noun>>(stats: Known) => Known;

/** The figures of a module: of all rooms, and of each. Commits tell how they change. */
export function useStats<N extends Noun>(noun: N, select?: Select): Stats<N> {
  const live = useLive();
  const queryKey = useMemo(() => [...live.key, noun, "stats"], [live, noun]);
  const [{ data, isPending, error }, refetch] = useFollowed<StatsOf<Noun>>(queryKey, {
    queryFn: ({ signal }) => live.following([noun, "stats"], () => live.client.rest.stats<Noun>(noun, signal)),
    ...(select && { select }),
  });
  useEffect(() => live.reload(queryKey), [live, queryKey]);
  return { stats: data as StatsOf<N> | undefined, isPending, error, refetch };
}
