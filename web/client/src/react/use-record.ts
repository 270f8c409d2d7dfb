import { useEffect, useMemo } from "react";
import type { AnyRecord } from "../cache.js";
import type { Noun, RecordOf } from "../types.js";
import { useLive } from "./provider.js";
import { useFollowed } from "./use-followed.js";

export interface OneRecord<N extends Noun> {
  /** The same object for as long as nothing is different. */
  readonly record: RecordOf<N> | undefined;
  readonly isPending: boolean;
  /** It was there, and is not any more. */
  readonly isGone: boolean;
  readonly error: Error | null;
  readonly refetch: () => Promise<void>;
}

/** One record. Asked for unless it is known with all that its reader may do with it. Without an id, nothing. */
export function useRecord<N extends Noun>(noun: N, id: string | undefined): OneRecord<N> {
  const live = useLive();
  const queryKey = useMemo(() => [...live.key, noun, "record", id], [live, noun, id]);
  const [{ data, isPending, error }, refetch] = useFollowed<AnyRecord | null>(queryKey, {
    enabled: id !== undefined,
    queryFn: async ({ signal }) => {
      if (id === undefined) return null;
      await live.read(noun, id, signal);
      return live.record(noun, id) ?? null;
    },
    initialData: () => {
      const known = id === undefined ? undefined : live.record(noun, id);
      return known && ("can" in known || known.version === 0) ? known : undefined;
    },
  });
  useEffect(
    () => (id === undefined ? undefined : live.client.use({ noun, load: (signal) => live.again(noun, id, signal) })),
    [live, noun, id],
  );
  const record = data === undefined && id !== undefined ? live.record(noun, id) : (data ?? undefined);
  return {
    record: record as RecordOf<N> | undefined,
    isPending: isPending && !record,
    isGone: data === null,
    error,
    refetch,
  };
}
