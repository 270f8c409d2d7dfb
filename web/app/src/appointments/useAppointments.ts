import { useEffect } from "react";
import { useList } from "../modules/data";
import type { CrmRecord } from "../modules/modules";
import { APPOINTMENTS } from "./useMove";
import { type CalendarSearch, listOf, type View } from "./views";

export const MOST = 500; // that a calendar shows at once

interface Appointments {
  records: readonly CrmRecord[];
  more: boolean; // than are shown
  waiting: boolean;
  error: unknown;
  refetch: () => void;
}

/** All of a range, page by page, up to MOST. */
export function useAppointments(search: CalendarSearch, view: View, day: string, zone: string): Appointments {
  const list = useList(APPOINTMENTS, listOf(search, view, day, zone));
  const { records, hasMore, isFetchingMore, fetchMore } = list;
  const isError = list.error !== null;
  const wanted = hasMore && records.length < MOST;
  useEffect(() => {
    if (wanted && !isFetchingMore && !isError) void fetchMore();
  }, [wanted, isFetchingMore, isError, fetchMore]);
  return {
    records,
    more: hasMore && !wanted,
    waiting: list.isPending,
    error: list.error,
    refetch: () => void list.refetch(),
  };
}
