/** A store in IndexedDB: one database for each person, with one table of names and values. */

import type { Store } from "./store.js";

const TABLE = "kept";

export function indexedDb(name: string, factory: IDBFactory = indexedDB): Store {
  let opening: Promise<IDBDatabase> | undefined;
  let destroyed = false; // by us: what comes late must not make it anew

  async function database(): Promise<IDBDatabase> {
    if (destroyed) throw new Error("destroyed");
    opening ??= open(name, factory, () => (opening = undefined));
    opening.catch(() => (opening = undefined));
    return opening;
  }

  const unlessDestroyed =
    <Nothing>(nothing: Nothing) =>
    (error: unknown): Nothing => {
      if (!destroyed) throw error;
      return nothing;
    };

  async function transact<Result>(
    mode: IDBTransactionMode,
    act: (table: IDBObjectStore) => () => Result,
  ): Promise<Result> {
    let transaction: IDBTransaction;
    try {
      transaction = (await database()).transaction(TABLE, mode);
    } catch {
      opening = undefined; // browsers close databases of their own accord: once more
      transaction = (await database()).transaction(TABLE, mode);
    }
    return new Promise((resolve, reject) => {
      transaction.onabort = () => reject(transaction.error ?? new Error("not written"));
      try {
        const result = act(transaction.objectStore(TABLE));
        transaction.oncomplete = () => resolve(result());
      } catch (error) {
        transaction.abort(); // what cannot be stored is only noticed here
        reject(error);
      }
    });
  }

  return {
    load: () =>
      transact("readonly", (table) => {
        const [keys, values] = [table.getAllKeys(), table.getAll() as IDBRequest<unknown[]>];
        return () => new Map(keys.result.map((key, index) => [key as string, values.result[index]]));
      }).catch(unlessDestroyed(new Map())),
    write: (changes, only) =>
      transact("readwrite", (table) => {
        const put = (): void => {
          for (const [key, value] of changes) {
            if (value === undefined) table.delete(key);
            else table.put(value, key);
          }
        };
        if (only) {
          const found: IDBRequest<unknown> = table.get(only[0]);
          found.onsuccess = () => found.result === only[1] && put();
        } else put();
        return () => undefined;
      }).catch(unlessDestroyed(undefined)),
    destroy: async () => {
      destroyed = true;
      const known = await opening?.catch(() => undefined);
      known?.close();
      opening = undefined;
      await new Promise<void>((resolve, reject) => {
        const request = factory.deleteDatabase(name);
        // Other tabs close theirs when they are told; if one is frozen, it happens when it wakes.
        request.onsuccess = request.onblocked = () => resolve();
        request.onerror = () => reject(request.error ?? new Error("not deleted"));
      });
    },
  };
}

async function open(name: string, factory: IDBFactory, closed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onblocked = () => reject(new Error("another tab has an older database open"));
    request.onerror = () => reject(request.error ?? new Error("not opened"));
    request.onsuccess = () => {
      const found = request.result;
      found.onversionchange = () => {
        found.close(); // someone else deletes it, or makes it newer
        closed();
      };
      found.onclose = closed;
      resolve(found);
    };
  });
}
