/** Where things are kept from one visit to the next, under names. Of one person. */

export type Only = readonly [name: string, value: string];

export interface Store {
  load(): Promise<ReadonlyMap<string, unknown>>;
  /** All of it, or nothing. undefined removes. Nothing either, if what `only` names has another value by now. */
  write(changes: ReadonlyMap<string, unknown>, only?: Only): Promise<void>;
  /** Removes everything, for good: what is still written to it is not kept. */
  destroy(): Promise<void>;
}

/** For as long as the page lives. */
export function memory(kept = new Map<string, unknown>()): Store {
  return {
    load: async () => new Map(kept),
    write: async (changes, only) => {
      if (only && kept.get(only[0]) !== only[1]) return;
      for (const [name, value] of changes) {
        if (value === undefined) kept.delete(name);
        else kept.set(name, value);
      }
    },
    destroy: async () => kept.clear(),
  };
}

/** Does with memory from the first failure on: private windows refuse, disks are full. */
export function forgiving(store: Store, failed: (error: unknown) => void): Store {
  const kept = new Map<string, unknown>();
  const spare = memory(kept);
  let used = store;
  async function attempt<Result>(act: (store: Store) => Promise<Result>): Promise<Result> {
    try {
      return await act(used);
    } catch (error) {
      if (used === spare) throw error;
      failed(error);
      used = spare;
      return act(spare);
    }
  }
  return {
    load: () => attempt((one) => one.load()),
    write: async (changes, only) => {
      await spare.write(changes, only);
      await attempt((one) => one.write(changes, only));
    },
    destroy: async () => {
      kept.clear();
      await attempt((one) => one.destroy());
    },
  };
}
