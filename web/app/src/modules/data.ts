// The calls of a module over REST, with TanStack Query's cache over them.

import {
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { Write as Wanted } from "@openhouse/client/offline";
import type { HistoryPage, Me, Roster } from "../contract";
import type { Api } from "../api/http";
import { useApi } from "../api/context";
import { useLive } from "../live/context";
import type { ListSearch } from "../urls";
import type { CrmRecord, Module, Page, Stats } from "./modules";

const keys = {
  module: (module: Module) => [module.path] as const,
  list: (module: Module, search: ListSearch) => [module.path, "list", search] as const,
  record: (module: Module, id: string) => [module.path, "record", id] as const,
  history: (module: Module, id: string) => [module.path, "history", id] as const,
  stats: (module: Module) => [module.path, "stats"] as const,
};

const PAGE = 50;

function listOptions(api: Api, module: Module, { archived, ...search }: ListSearch) {
  return infiniteQueryOptions({
    queryKey: keys.list(module, { ...search, ...(archived ? { archived } : {}) }),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page>(`/${module.path}`, {
        query: { ...search, archived: archived ?? "false", limit: PAGE, cursor: pageParam || undefined },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (last) => last.cursor,
    placeholderData: (before) => before, // what was found stays until the next is there
  });
}

export function useList(module: Module, search: ListSearch) {
  return useInfiniteQuery(listOptions(useApi(), module, search));
}

/** The first few of a list, for a glance. */
export function useGlance(module: Module, query: Record<string, string | number>) {
  const api = useApi();
  return useQuery({
    queryKey: [module.path, "glance", query],
    queryFn: ({ signal }) => api.get<Page>(`/${module.path}`, { query, signal }),
  });
}

export function useRecord(module: Module, id: string) {
  const api = useApi();
  return useQuery(
    queryOptions({
      queryKey: keys.record(module, id),
      queryFn: ({ signal }) => api.get<CrmRecord>(`/${module.path}/${encodeURIComponent(id)}`, { signal }),
    }),
  );
}

export function useHistory(module: Module, id: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.history(module, id),
    queryFn: ({ signal }) =>
      api.get<HistoryPage>(`/${module.path}/${encodeURIComponent(id)}/history`, { query: { limit: 50 }, signal }),
  });
}

export function useStats(module: Module) {
  const api = useApi();
  return useQuery({
    queryKey: keys.stats(module),
    queryFn: ({ signal }) => api.get<Stats>(`/${module.path}/stats`, { signal }),
  });
}

export function useMe() {
  const api = useApi();
  return useQuery({ queryKey: ["me"], queryFn: ({ signal }) => api.get<Me>("/me", { signal }), staleTime: 60_000 });
}

export function useRoster() {
  const api = useApi();
  const query = { queryKey: ["directory"], staleTime: 60_000 };
  return useQuery({ ...query, queryFn: ({ signal }) => api.get<Roster>("/directory", { signal }) });
}

/** `named("01h...")`: somebody's name, once it is known. */
export function useNames(): (userId: string) => string {
  const { data } = useRoster();
  return (userId) => data?.users.find((user) => user.userId === userId)?.name ?? "Somebody";
}

export interface Write {
  method: "POST" | "PATCH" | "DELETE";
  path: string; // below the module's: "", "/{id}", "/{id}/archive"
  body?: unknown;
  version?: number;
}

/** The same as the client takes it. */
export function writeOf(module: Module, { method, path, body, version }: Write): Wanted {
  const [, id, verb] = path.split("/");
  return {
    noun: module.noun as Wanted["noun"],
    method,
    ...(id === undefined ? {} : { id: decodeURIComponent(id) }),
    ...(verb === undefined ? {} : { verb }),
    ...(body === undefined ? {} : { body: body as Record<string, unknown> }),
    ...(version === undefined ? {} : { version }),
  };
}

/** Writes, or lets it wait until that can be; then shows what was answered, and asks anew for what it changes elsewhere. */
export function useWrite(module: Module) {
  const { offline } = useLive();
  const queries = useQueryClient();
  return useMutation({
    networkMode: "always", // what waits for the network is for the client to know
    mutationFn: async (deed: Write) => {
      const answer = await offline.write(writeOf(module, deed));
      return deed.method === "DELETE" ? undefined : (answer as unknown as CrmRecord);
    },
    onSuccess: (record) => {
      if (record?.id) queries.setQueryData(keys.record(module, record.id), record);
      void queries.invalidateQueries({
        queryKey: keys.module(module),
        predicate: ({ queryKey }) => queryKey[1] !== "record",
      });
    },
  });
}
