/** The store in IndexedDB, over a stand-in that keeps to its specification. */

import { IDBFactory } from "fake-indexeddb";
import { describe, expect, test } from "vitest";
import { indexedDb } from "../src/offline/indexed-db.js";

describe("a store", () => {
  test("gives back what was written, also to the next visit, and forgets what is removed", async () => {
    const factory = new IDBFactory();
    const store = indexedDb("openhouse:ava", factory);
    expect(await store.load()).toEqual(new Map());
    await store.write(
      new Map<string, unknown>([
        ["a", { deep: [1] }],
        ["b", 2],
        ["c", undefined],
      ]),
    );
    await store.write(new Map([["b", undefined]]));
    expect(await store.load()).toEqual(new Map([["a", { deep: [1] }]]));
    expect(await indexedDb("openhouse:ava", factory).load()).toEqual(new Map([["a", { deep: [1] }]]));
    expect(await indexedDb("openhouse:ben", factory).load()).toEqual(new Map());
  });

  test("writes all or nothing", async () => {
    const store = indexedDb("openhouse:ava", new IDBFactory());
    await expect(
      store.write(
        new Map<string, unknown>([
          ["a", 1],
          ["b", () => undefined],
        ]),
      ),
    ).rejects.toThrow();
    expect(await store.load()).toEqual(new Map());
  });

  test("writes nothing for someone whose place another has taken", async () => {
    const store = indexedDb("openhouse:ava", new IDBFactory());
    await store.write(new Map([["writer", "one"]]));
    await store.write(new Map([["a", 1]]), ["writer", "one"]);
    await store.write(new Map([["a", 2]]), ["writer", "other"]);
    expect(await store.load()).toEqual(
      new Map<string, unknown>([
        ["writer", "one"],
        ["a", 1],
      ]),
    );
  });

  test("is destroyed though another tab has it open, which may use it again", async () => {
    const factory = new IDBFactory();
    const [one, other] = [indexedDb("openhouse:ava", factory), indexedDb("openhouse:ava", factory)];
    await one.write(new Map([["a", 1]]));
    await other.load();
    await one.destroy();
    expect(await other.load()).toEqual(new Map());
    await other.write(new Map([["b", 2]]));
    expect(await indexedDb("openhouse:ava", factory).load()).toEqual(new Map([["b", 2]]));
  });

  test("is not made anew by what was under way when it was destroyed", async () => {
    const factory = new IDBFactory();
    const store = indexedDb("openhouse:ava", factory);
    await store.write(new Map([["a", 1]]));
    const late = store.write(new Map([["b", 2]]));
    await store.destroy();
    await late;
    await store.write(new Map([["c", 3]]));
    expect(await store.load()).toEqual(new Map());
    expect(await factory.databases()).toEqual([]);
  });
});
