import { asClientError } from "../errors.js";

/** What has been loaded is followed: nothing makes it old. */
export const FOLLOWED = {
  staleTime: Infinity,
  refetchOnMount: true,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  structuralSharing: false,
  retry: (failures: number, error: Error): boolean => failures < 3 && asClientError(error).retryable,
} as const;
