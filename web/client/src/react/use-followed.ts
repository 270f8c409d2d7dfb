import { useQuery } from "@tanstack/react-query";
import type { QueryKey, UseQueryOptions, UseQueryResult } from "@tanstack/react-query";
import { useCallback } from "react";
import { asClientError } from "../errors.js";
import { useLive } from "./provider.js";

/** What has been loaded is followed: nothing makes it old. */
const FOLLOWED = {
  staleTime: Infinity,
  refetchOnMount: true,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  structuralSharing: false,
  retry: (failures: number, error: Error): boolean => failures < 3 && asClientError(error).retryable,
} as const;

type Options<Data> = Pick<UseQueryOptions<Data>, "queryFn" | "enabled" | "initialData" | "select">;

/** What is asked for once, and how to ask for it again. */
export function useFollowed<Data>(
  queryKey: QueryKey,
  options: Options<Data>,
): [query: UseQueryResult<Data>, refetch: () => Promise<void>] {
  const query = useQuery<Data>({ ...FOLLOWED, ...options, queryKey }, useLive().queries);
  const { refetch } = query;
  return [query, useCallback(async () => void (await refetch()), [refetch])];
}
