/** Words as the server has them: its published vectors. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { listed, paths } from "../../src/fields.js";
import { dayBegins, dayEnds } from "../../src/react/days.js";
import { isFound, searchedWords, words } from "../../src/react/words.js";

interface Vectors {
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly texts: readonly { readonly text: string; readonly words: readonly string[]; readonly searched: readonly string[] }[];
  readonly pairs: readonly { readonly q: string; readonly text: string; readonly found: boolean }[];
}

const file = new URL("../../../../docs/search-vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

describe("texts are folded as the server folds them", () => {
  test.each(vectors.texts)("$text", ({ text, words: expected, searched: found }) => {
    expect(words(text)).toEqual(expected);
    expect([...new Set(searchedWords(text))]).toEqual(found);
  });

  test.each(vectors.pairs)("$q in $text: $found", ({ q, text, found }) => {
    expect(isFound(words(q), [text])).toBe(found);
  });

  test("in the same fields of each module", () => {
    const byPath = Object.fromEntries(Object.entries(listed).map(([noun, { searched }]) => [paths[noun as keyof typeof paths], searched]));
    expect(byPath).toEqual(vectors.fields);
  });
});

describe("a day of a time zone", () => {
  test.each([
    ["2026-03-08", "America/Los_Angeles", "2026-03-08T08:00:00.000Z", "2026-03-09T06:59:59.999Z"],
    ["2026-11-01", "America/Los_Angeles", "2026-11-01T07:00:00.000Z", "2026-11-02T07:59:59.999Z"],
    ["2026-06-01", "UTC", "2026-06-01T00:00:00.000Z", "2026-06-01T23:59:59.999Z"],
    ["2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z", "2018-11-05T01:59:59.999Z"], // midnight is left out
  ])("%s in %s", (day, zone, begins, ends) => {
    expect(new Date(dayBegins(day, zone)).toISOString()).toBe(begins);
    expect(new Date(dayEnds(day, zone)).toISOString()).toBe(ends);
  });
});
