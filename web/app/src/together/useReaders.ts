import { useCallback } from "react";
import { usePerson } from "../api/context";
import { useRoster } from "../modules/data";
import type { Person } from "./mentions";
import { type Readable, readersOf } from "./readers";

/** Those who may read a record, as it is by then, but oneself: they may be mentioned in it. */
export function useReaders(record: () => Readable): () => readonly Person[] {
  const { data } = useRoster();
  const { id: me } = usePerson();
  return useCallback(() => {
    const readers = readersOf(record(), data?.users ?? []);
    return readers.filter(({ userId }) => userId !== me).map(({ userId: id, name }) => ({ id, name }));
  }, [data, me, record]);
}
