import { useEffect, useMemo } from "react";
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
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const isError = list.error !== null;
  const records = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const wanted = hasNextPage && records.length < MOST;
  useEffect(() => {
    if (wanted && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [wanted, isFetchingNextPage, isError, fetchNextPage]);
  return {
    records,
    more: hasNextPage && !wanted,
    waiting: list.isPending,
    error: list.error,
    refetch: () => void list.refetch(),
  };
}
