import { useLocks } from "@openhouse/client/react";
import { useMemo } from "react";
import { usePerson } from "../api/context";
import { useNames } from "../modules/data";
import type { Module } from "../modules/modules";

/** By the id of a record of this module: the name of who is editing it. Nobody's own. The same map until one is different. */
export function useLockHolders({ noun }: Module): ReadonlyMap<string, string> {
  const { items } = useLocks();
  const { id: me } = usePerson();
  const named = useNames();
  const others = items.filter((lock) => lock.noun === noun && lock.holder !== me);
  const held = JSON.stringify(others.map(({ recordId, holder }) => [recordId, named(holder)]));
  return useMemo(() => new Map(JSON.parse(held) as [string, string][]), [held]);
}
