// Which rows of a list are chosen, and what all of them allow. Pure, but for the hook.

import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type CrmRecord, type Module, nextStatuses } from "./modules";

export interface Selection {
  readonly chosen: readonly CrmRecord[];
  readonly has: (id: string) => boolean;
  readonly toggle: (id: string) => void;
  readonly all: boolean;
  readonly toggleAll: () => void;
  readonly open: boolean; // until it is closed, as what was not done has to be read
  readonly close: () => void;
  readonly keep: (ids: readonly string[]) => void;
}

/** What is not in the list any more is not chosen any more. */
export function useSelection(records: readonly CrmRecord[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const chosen = useMemo(() => (ids.size > 0 ? records.filter(({ id }) => ids.has(id)) : []), [records, ids]);
  const all = records.length > 0 && chosen.length === records.length;
  const keep = useCallback((next: readonly string[]) => setIds(new Set(next)), []);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => {
    keep([]);
    setOpen(false);
  }, [keep]);
  const toggle = useCallback((id: string) => {
    setOpen(true);
    setIds((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const latest = useRef({ all, records });
  useLayoutEffect(() => {
    latest.current = { all, records };
  });
  const toggleAll = useCallback(() => {
    setOpen(true);
    keep(latest.current.all ? [] : latest.current.records.map(({ id }) => id));
  }, [keep]);
  return { chosen, has: (id) => ids.has(id), toggle, all, toggleAll, open, close, keep };
}

/** The rights that one has to each of them. */
export function rightsOf(records: readonly CrmRecord[]): ReadonlySet<string> {
  const [first, ...others] = records.map(({ can }) => new Set(can));
  return new Set([...(first ?? [])].filter((right) => others.every((rights) => rights.has(right))));
}

/** The statuses that each of them may have next, or has already; at least one of them would change. */
export function statusesOf(module: Module, records: readonly CrmRecord[]): readonly string[] {
  return Object.keys(module.transitions).filter((status) => {
    const open = records.filter((record) => record.status !== status);
    return open.length > 0 && open.every((record) => nextStatuses(module, record.status).includes(status));
  });
}
