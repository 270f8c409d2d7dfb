// Which tasks lie in the corner of the page, and until when.

import type { Task } from "@openhouse/client/collaboration";
import { expect, test } from "vitest";
import { shownOf, type Tray } from "../src/tasks/tray";

const NOW = Date.parse("2026-03-02T12:00:00.000Z");

function task(id: string, status: Task["status"], endedAt?: string): Task {
  const at = "2026-03-02T11:00:00.000Z";
  const own = { id, version: 1, room: "user:ava", updatedAt: at, updatedBy: "ava", startedAt: at };
  return { ...own, kind: "find_duplicates", status, percent: 0, message: "", done: 0, counts: {}, can: [], ...(endedAt ? { endedAt } : {}) };
}

function ids(tasks: readonly Task[], tray: Partial<Tray> = {}): string[] {
  return shownOf(tasks, { seen: new Set(), gone: new Set(), putAway: [], ...tray }, NOW).map(({ id }) => id);
}

test("what runs and what waits is there, also after a reload", () => {
  expect(ids([task("a", "running"), task("b", "proposed")])).toEqual(["a", "b"]);
});

test("what waits can be put away, and is back if it runs again", () => {
  expect(ids([task("b", "proposed")], { putAway: ["b"] })).toEqual([]);
  expect(ids([task("b", "running")], { putAway: ["b"] })).toEqual(["b"]);
});

test("a success is shown to who saw it run, until it has been there for long enough", () => {
  const done = task("a", "completed", "2026-03-02T11:59:59.000Z");
  expect(ids([done])).toEqual([]);
  expect(ids([done], { seen: new Set(["a"]) })).toEqual(["a"]);
  expect(ids([done], { seen: new Set(["a"]), gone: new Set(["a"]) })).toEqual([]);
});

test("a failure stays for a day, or until somebody puts it away", () => {
  const [fresh, old] = [task("a", "failed", "2026-03-01T12:00:01.000Z"), task("b", "failed", "2026-03-01T11:59:59.000Z")];
  expect(ids([fresh, old])).toEqual(["a"]);
  expect(ids([fresh], { putAway: ["a"] })).toEqual([]);
});
