import { useCallback, useEffect, useMemo, useState } from "react";
import type { AnyRecord } from "../cache.js";
import type { Document } from "../merge-patch.js";
import type { Loaded } from "../records.js";
import type { Noun, RecordOf } from "../types.js";
import type { ListData } from "./list-view.js";
import type { Filters } from "./matching.js";
import { useLive } from "./provider.js";
import { useFollowed } from "./use-followed.js";

export interface RecordsOptions {
  /** How many come at a time. */
  readonly limit?: number;
  /** While somebody reads: rows stay where they are, and none comes or goes. What is in them follows all the same. */
  readonly hold?: boolean;
  readonly enabled?: boolean;
}

export interface Records<N extends Noun> {
  /** The same array, and each the same object, for as long as nothing is different. */
  readonly records: readonly RecordOf<N>[];
  /** Nothing is known yet. */
  readonly isPending: boolean;
  /** What is known without having been asked for now: from another list, or from another visit. */
  readonly isPlaceholder: boolean;
  readonly isFetching: boolean;
  /** What is shown stays. */
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isFetchingMore: boolean;
  readonly fetchMore: () => Promise<void>;
  readonly refetch: () => Promise<void>;
  /** How many records would come, go or move. */
  readonly held: number;
  /** Lets them. */
  readonly show: () => void;
}

interface Held {
  readonly key: string;
  readonly records: readonly AnyRecord[];
}

/** The records of a module that fit, in order, page by page. It follows whatever anyone changes without asking again. */
export function useRecords<N extends Noun>(noun: N, filters?: Filters<N>, options: RecordsOptions = {}): Records<N> {
  const { limit = 50, hold = false, enabled = true } = options;
  const live = useLive();
  const text = JSON.stringify(clean(filters ?? {}));
  const wanted = useMemo(() => JSON.parse(text) as Document, [text]);
  const isLive = wanted.deleted === undefined; // of deleted records, no commit tells enough
  const queryKey = useMemo(() => [...live.key, noun, isLive ? "list" : "deleted", wanted, limit], [live, noun, wanted, limit, isLive]);
  const [query, refetch] = useFollowed<ListData>(queryKey, {
    enabled,
    queryFn: async ({ signal }) => (await live.lists()).load(queryKey, wanted, limit, signal),
  });
  const { data } = query;
  const view = data?.view;

  useEffect(() => {
    if (!isLive || !enabled) return undefined;
    const load = async (signal: AbortSignal): Promise<Loaded> => (await live.lists()).reload(queryKey, wanted, limit, signal);
    return live.client.use({ noun, load });
  }, [isLive, enabled, live, queryKey, noun, wanted, limit]);

  const guess = useMemo(() => {
    if (data || !isLive || !enabled) return [];
    return live.guess(noun, wanted).slice(0, limit);
  }, [data, isLive, enabled, live, noun, wanted, limit]);
  const records = data?.records ?? guess;

  const [held, setHeld] = useState<Held>();
  const show = useCallback(() => setHeld(undefined), []);
  const isHeld = hold && data !== undefined;
  if (isHeld ? held?.key !== text : held) setHeld(isHeld ? { key: text, records } : undefined);
  useEffect(() => live.onOwn((of) => of === noun && show()), [live, noun, show]);
  const kept = isHeld && held?.key === text ? held.records : undefined;
  const shown = useMemo(
    () => (kept && kept !== records ? kept.map((record) => live.record(noun, record.id) ?? record) : records),
    [kept, records, live, noun],
  );

  const isFetchingMore = data?.more === "pending";
  return {
    records: shown as unknown as readonly RecordOf<N>[],
    isPending: query.isPending && records.length === 0,
    isPlaceholder: !view?.pages,
    isFetching: query.isFetching,
    error: typeof data?.more === "object" ? data.more.error : query.error,
    hasMore: data?.hasMore ?? false,
    isFetchingMore,
    fetchMore: useCallback(async () => {
      await (await live.lists()).more(queryKey, wanted, limit);
      show();
    }, [live, queryKey, wanted, limit, show]),
    refetch,
    held: useMemo(() => (kept && kept !== records ? (view?.differences(kept) ?? 0) : 0), [kept, records, view]),
    show,
  };
}

/** Without what says nothing; in one order. */
function clean(filters: object): object {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined && value !== "" && String(value) !== "");
  return Object.fromEntries(given.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => [name, Array.isArray(value) ? value.join() : value]));
}
