/** Lists narrowed and sorted as the server's own code does it (tests/web/list_vectors.py); also of a module that it declares beside ours. */

import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import type { AnyRecord } from "../../src/cache.js";
import type { Document } from "../../src/merge-patch.js";
import { ListView } from "../../src/react/list-view.js";
import type { Noun } from "../../src/types.js";

vi.mock(import("../../src/listed.js"), async (original) => {
  const declared = process.env.OPENHOUSE_LISTED;
  return declared === undefined ? original() : ((await import(/* @vite-ignore */ declared)) as object);
});

interface Module {
  readonly noun: Noun;
  readonly records: readonly AnyRecord[];
  readonly cases: readonly { readonly query: Document; readonly ids: readonly string[] }[];
}

const file = process.env.OPENHOUSE_LIST_VECTORS;
const modules = file === undefined ? [] : (JSON.parse(readFileSync(file, "utf8")) as Module[]);

describe("lists are those of the server", () => {
  test.runIf(file !== undefined).each(modules)("of each $noun", ({ noun, records, cases }) => {
    const byId = new Map(records.map((record) => [record.id, record]));
    for (const { query, ids } of cases) {
      const whole = new ListView(noun, query, (id) => byId.get(id));
      whole.rebuild(records);
      expect({ query, ids: whole.data.records.map(({ id }) => id) }).toEqual({ query, ids });
      const onePerOne = new ListView(noun, query, (id) => byId.get(id));
      for (const { id } of records) onePerOne.apply(new Set([id]), () => []);
      expect(onePerOne.data.records).toEqual(whole.data.records);
    }
  });
});
