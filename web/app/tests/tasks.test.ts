/** What the tray shows and says, and what is chosen of pairs. */

import type { Task } from "@openhouse/client";
import { describe, expect, it } from "vitest";
import { type Choice, clashOf, firstChoices, keyOf, mergesOf, type Pair, pairsOf, reasonsOf } from "../src/tasks/duplicates/pairs";
import { lookOf, titleOf } from "../src/tasks/looks";
import { countsText, inTray, isUndone, newsOf, type Shown, statusesOf, summaryOf } from "../src/tasks/tray";

function task(id: string, status: Task["status"], more: Partial<Shown> = {}): Shown {
  const at = "2026-03-01T09:00:00.000Z";
  const state = { id, version: 1, room: "user:ava", updatedAt: at, updatedBy: "ava", startedAt: at };
  return { ...state, kind: "find_duplicates", status, percent: 0, message: "", done: 0, counts: {}, can: [], isNew: false, ...more };
}

function pair(keep: string, drop: string, sure = true): Pair {
  return { noun: "client", keep, drop, names: [keep, drop], reasons: ["both have zoe@example.com"], sure, versions: [1, 1] };
}

describe("the tray", () => {
  it("shows what runs, what waits, and the ends that nobody has looked at", () => {
    const items = [task("a", "running"), task("b", "completed", { isNew: true }), task("c", "completed"), task("d", "proposed"), task("e", "failed")];
    expect(inTray(items).map(({ id }) => id)).toEqual(["a", "b", "d"]);
  });

  it("shows of what is undone the task that does so", () => {
    const done = task("a", "completed", { isNew: true, can: ["undo"] });
    expect(inTray([task("a-undo-1", "running", { undoes: "a" }), done]).map(({ id }) => id)).toEqual(["a-undo-1"]);
    expect(inTray([task("a-undo-1", "failed", { undoes: "a", isNew: true }), done]).map(({ id }) => id)).toEqual(["a-undo-1", "a"]);
  });

  it("counts by what they do", () => {
    expect(summaryOf([task("a", "running"), task("b", "running"), task("c", "proposed")])).toBe("2 at work, 1 waits for you");
    expect(summaryOf([task("a", "proposed"), task("b", "proposed"), task("c", "failed"), task("d", "completed")])).toBe("2 wait for you, 1 failed, 1 done");
  });

  it("tells counts in words, without those that are nothing", () => {
    expect(countsText({ compared: 1_800, rowsSkipped: 3, found: 0 })).toBe("1,800 compared · 3 rows skipped");
  });

  it("offers no undo of what is undone, or about to be; what has failed to be can be tried again", () => {
    const done = task("a", "completed", { can: ["undo"] });
    expect(isUndone(done, [done, task("a-undo-1", "running", { undoes: "a" })])).toBe(true);
    expect(isUndone(done, [done, task("a-undo-1", "completed", { undoes: "a" })])).toBe(true);
    expect(isUndone(done, [done, task("a-undo-1", "failed", { undoes: "a" })])).toBe(false);
  });

  it("speaks of beginnings and ends, not of every step between", () => {
    const before = statusesOf([task("a", "running"), task("b", "running"), task("c", "proposed")]);
    const say = (...items: Task[]): string => newsOf(items, before, titleOf);
    expect(say(task("a", "running", { percent: 50 }))).toBe("");
    expect(say(task("d", "running"))).toBe("Finding duplicates: begun.");
    expect(say(task("c", "running"))).toBe("Finding duplicates: at work again.");
    expect(say(task("a", "completed", { message: "Merged 3 pairs!" }), task("b", "cancelled"))).toBe(
      "Finding duplicates is done: Merged 3 pairs! and Finding duplicates was cancelled.",
    );
    const problem = { reason: "too_long", detail: "it took too long" } as const;
    expect(say(task("a", "failed", { problem }))).toBe("Finding duplicates has failed: it took too long.");
  });

  it("shows a kind that it does not know by what every task has", () => {
    const look = lookOf("brew_tea");
    expect(titleOf(task("a", "running", { kind: "brew_tea" }))).toBe("Brew tea");
    expect(titleOf(task("a-undo-1", "running", { kind: "brew_tea", undoes: "a" }))).toBe("Undoing: brew tea");
    expect(look.told(task("a", "completed", { counts: { cups: 4 } }))).toBe("4 cups");
  });

  it("tells of merging what was left out, and of what was cancelled how far it came", () => {
    const look = lookOf("find_duplicates");
    expect(look.told(task("a", "completed", { counts: { compared: 9, merged: 2, moved: 1, changed: 1 } }))).toBe(
      "1 record now names the one that was kept · 1 pair left out: changed meanwhile",
    );
    expect(look.told(task("a", "cancelled", { counts: { compared: 900, merged: 2 } }))).toBe("900 compared · 2 merged");
  });
});

describe("pairs", () => {
  const pairs = [pair("a", "b"), pair("a", "c"), pair("d", "e", false)];
  const choose = (key: Pair | undefined, choice: Choice) => new Map(firstChoices(pairs)).set(key ? keyOf(key) : "", choice);

  it("that are sure are chosen at first, the others are not", () => {
    expect(mergesOf(pairs, firstChoices(pairs))).toEqual([
      { keep: "a", drop: "b" },
      { keep: "a", drop: "c" },
    ]);
  });

  it("can be merged the other way round, and left out", () => {
    expect(mergesOf(pairs, choose(pairs[2], { merged: true, turned: true })).at(-1)).toEqual({ keep: "e", drop: "d" });
    expect(mergesOf(pairs, choose(pairs[0], { merged: false, turned: false }))).toEqual([{ keep: "a", drop: "c" }]);
  });

  it("clash where a record goes that another pair keeps, or goes twice", () => {
    const turned = mergesOf(pairs, choose(pairs[0], { merged: true, turned: true }));
    expect(turned.map((merge) => clashOf(merge, turned) !== undefined)).toEqual([false, true]);
    const twice = [
      { keep: "a", drop: "c" },
      { keep: "b", drop: "c" },
    ];
    expect(twice.every((merge) => clashOf(merge, twice)?.includes("in another pair, too"))).toBe(true);
    const fine = mergesOf(pairs, firstChoices(pairs));
    expect(fine.map((merge) => clashOf(merge, fine))).toEqual([undefined, undefined]);
  });

  it("say why they are pairs, and a proposal of another shape has none", () => {
    expect(reasonsOf(pair("a", "b"))).toBe("Both have zoe@example.com");
    expect(reasonsOf({ reasons: ["both have zoe@example.com", "the same name"] })).toBe("Both have zoe@example.com; the same name");
    expect(pairsOf(undefined)).toEqual([]);
    expect(pairsOf({ rows: 4 })).toEqual([]);
  });
});
