// What screens read and write: records that follow what anyone changes, without asking again.

import { useMutation, useQuery } from "@tanstack/react-query";
import { type Select, useHistory as useSteps, useRecord as useOne, useRecords, useStats as useFigures } from "@openhouse/client/react";
import { type Noun, Problem } from "@openhouse/client";
import { useCallback, useMemo, useState } from "react";
import { useApi } from "../api/context";
import type { Me, Roster } from "../contract";
import { type Write, useSave } from "../live/save";
import type { ListSearch } from "../urls";
import type { Module, Stats } from "./modules";
import { type Whole, withRights } from "./rights";

const MINUTE = 60_000;

const nounOf = (module: Module): Noun => module.noun as Noun;

/** Of records: with what their reader may do. The same object for as long as nothing is different. */
function useWhole(): Whole {
  const { data: me } = useMe({ staleTime: Infinity }); // a row that comes is no reason to ask
  useRoster({ staleTime: Infinity }); // nor is the first one, for the name of who has changed it
  return useMemo(() => withRights(me), [me]);
}

/** `hold`: what others do to it waits to be shown. */
export function useList(module: Module, search: ListSearch, { hold = false } = {}) {
  const { archived = "false", ...rest } = search;
  const list = useRecords(nounOf(module), { ...rest, archived } as object, { hold });
  const whole = useWhole();
  return { ...list, records: useMemo(() => whole.all(list.records), [list.records, whole]) };
}

/** The first few of a list, for a glance. */
export function useGlance(module: Module, query: Record<string, string | number>) {
  const { limit = 50, ...filters } = query;
  // A few more: one that goes is followed by the next without asking.
  const list = useRecords(nounOf(module), filters as object, { limit: Math.min(200, Number(limit) + 10) });
  const whole = useWhole();
  const data = useMemo(
    () => {
      if (list.isPending) return undefined;
      const isAll = list.records.length <= Number(limit) && !list.hasMore;
      return { items: list.records.slice(0, Number(limit)).map(whole.one), cursor: isAll ? undefined : "more" };
    },
    [list.isPending, list.records, list.hasMore, limit, whole],
  );
  return { data, hasMore: data?.cursor !== undefined, isPending: list.isPending, error: list.error, refetch: list.refetch };
}

export function useRecord(module: Module, id: string) {
  const { record, isPending, isGone, error, refetch } = useOne(nounOf(module), id);
  const whole = useWhole();
  return {
    data: record && whole.one(record),
    isPending,
    isGone,
    error: isGone ? new Problem(404, "not_found", `This ${module.noun} is not there any more`, { retryable: false }) : error,
    refetch,
  };
}

export function useHistory(module: Module, id: string) {
  const { steps, isPending, error, refetch, hasMore, fetchMore } = useSteps(nounOf(module), id);
  const data = useMemo(() => (isPending ? undefined : { items: steps }), [isPending, steps]);
  return { data, isPending, error, refetch, hasMore, fetchMore };
}

export function useStats(module: Module, select?: Select) {
  const { stats, ...rest } = useFigures(nounOf(module), select);
  return { ...rest, data: stats as unknown as Stats | undefined };
}

/** How many there are, by status: other than sums of money, that seldom changes, and no screen is rendered until it does. */
export function useCounts(module: Module): Stats | undefined {
  const [select] = useState(whenCountsChange);
  return useStats(module, select).data;
}

function whenCountsChange(): Select {
  let known: unknown;
  let text = "";
  return (stats) => {
    const next = JSON.stringify([stats.total.counts, stats.total.archived]);
    if (text !== next) [known, text] = [stats, next];
    return known as typeof stats;
  };
}

export function useMe({ staleTime = MINUTE } = {}) {
  const api = useApi();
  return useQuery({ queryKey: ["me"], queryFn: ({ signal }) => api.get<Me>("/me", { signal }), staleTime });
}

export function useRoster({ staleTime = MINUTE } = {}) {
  const api = useApi();
  return useQuery({ queryKey: ["directory"], staleTime, queryFn: ({ signal }) => api.get<Roster>("/directory", { signal }) });
}

/** `named("01h...")`: somebody's name, once it is known. */
export function useNames(): (userId: string) => string {
  const { data } = useRoster({ staleTime: Infinity });
  return useCallback((userId) => data?.users.find((user) => user.userId === userId)?.name ?? "Somebody", [data]);
}

/** Shows a change at once. Done when the server has answered; without a connection, when it is kept. If it rejects, all is as before. */
export function useWrite(module: Module) {
  const save = useSave(module);
  return useMutation({
    networkMode: "always", // what waits for the network is for the client to know
    mutationFn: async (deed: Write) => {
      const saved = await save(deed);
      return "record" in saved && deed.method !== "DELETE" ? saved.record : undefined;
    },
  });
}
