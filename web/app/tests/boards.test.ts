import { describe, expect, it } from "vitest";
import { isCaughtUp, type Moves, refusalOf, shownIn } from "../src/board/moves";
import { isFiltered } from "../src/urls";
import { listPart, viewSearch } from "../src/board/search";
import { wayBack } from "../src/board/useMoves";
import { changesOf, deedOf } from "../src/home/changes";
import { lastMonths, sharesOf, topOf } from "../src/home/months";
import { heatOf, LEADS, waitingOf } from "../src/leads/lead";
import { shiftOf } from "../src/lists/shift";
import { type CrmRecord, moduleAt } from "../src/modules/modules";

const ESCROWS = moduleAt("escrows");
const record = (id: string, more: Partial<CrmRecord> = {}): CrmRecord => ({
  id,
  version: 1,
  status: "opened",
  archived: false,
  ownerId: "u",
  visibility: "team",
  createdAt: "2026-03-01T12:00:00.000Z",
  createdBy: "ava",
  updatedAt: "2026-03-01T12:00:00.000Z",
  updatedBy: "ava",
  can: ["edit"],
  ...more,
});
const ids = (records: readonly CrmRecord[]) => records.map(({ id }) => id);

describe("a column of a board", () => {
  const [a, b] = [record("a"), record("b")];
  const moved: Moves = new Map([["a", { record: a, status: "pending" }]]);

  it("gives a card away as soon as it is moved, and shows one that was moved to it", () => {
    expect(ids(shownIn("opened", [a, b], moved))).toEqual(["b"]);
    const there = shownIn("pending", [], moved);
    expect(there.map(({ id, status }) => [id, status])).toEqual([["a", "pending"]]);
  });

  it("does not show a card twice when the list has it", () => {
    expect(ids(shownIn("pending", [record("a", { status: "pending", version: 2 })], moved))).toEqual(["a"]);
  });

  it("believes the list once that is as new as the answer: somebody may have moved the card back", () => {
    const answered: Moves = new Map([["a", { record: a, status: "pending", version: 2 }]]);
    expect(ids(shownIn("opened", [a], answered))).toEqual([]);
    expect(ids(shownIn("opened", [record("a", { version: 3 })], answered))).toEqual(["a"]);
    expect(isCaughtUp({ record: a, status: "pending" }, record("a", { version: 9 }))).toBe(false);
  });

  it("shows the new values of a card that stays in it", () => {
    const [shown] = shownIn("opened", [record("a", { version: 2, propertyAddress: "9 New St" })], new Map());
    expect(shown?.["propertyAddress"]).toBe("9 New St");
  });

  it("says why it does not take a card", () => {
    expect(refusalOf(ESCROWS, a, "pending")).toBeUndefined();
    expect(refusalOf(ESCROWS, record("a", { status: "closed" }), "opened")).toBe("An escrow that is closed stays so: it has to be reopened first.");
    expect(refusalOf(ESCROWS, record("a", { status: "cancelled" }), "pending")).toBe("An escrow that is cancelled can become opened, but not pending.");
    expect(refusalOf(LEADS, record("a", { status: "new" }), "converted")).toContain("contacted, qualified, unqualified or lost");
    expect(refusalOf(ESCROWS, record("a", { can: [] }), "pending")).toContain("not change it");
    expect(refusalOf(ESCROWS, record("a", { archived: true }), "pending")).toContain("archive");
  });

  it("knows the way back: by a change, out of a final status by reopening, for those who may", () => {
    expect(wayBack(ESCROWS, record("a", { status: "pending" }), "opened")).toEqual({ method: "PATCH", path: "/a", body: { status: "opened" } });
    expect(wayBack(ESCROWS, record("a", { status: "closed" }), "opened")).toBeUndefined();
    expect(wayBack(ESCROWS, record("a", { status: "closed", can: ["reopen"] }), "opened")?.path).toBe("/a/reopen");
  });
});

describe("the address of a board", () => {
  it("keeps view and filters, drops what it does not know, and asks the list for the filters alone", () => {
    const search = viewSearch({ view: "board", status: "opened", q: "elm", column: "opened", made: "up" });
    expect(search).toEqual({ view: "board", status: "opened", q: "elm", column: "opened" });
    expect(listPart(search)).toEqual({ status: "opened", q: "elm" });
    expect(viewSearch({ view: "cube" })).toEqual({});
    expect([isFiltered(listPart({ view: "board", sort: "date" })), isFiltered({ q: "elm" })]).toEqual([false, true]);
  });
});

describe("what is read", () => {
  it("stays in place by as many rows as came or went above it", () => {
    expect(shiftOf(["a", "b", "c"], ["x", "y", "a", "b", "c"], 1)).toBe(2);
    expect(shiftOf(["a", "b", "c"], ["b", "c"], 1)).toBe(-1);
    expect(shiftOf(["a", "b", "c"], ["a", "b", "c", "d"], 1)).toBe(0);
  });

  it("is the next row when the first in view is gone, and nothing when all of it is", () => {
    expect(shiftOf(["a", "b", "c"], ["x", "a", "c"], 1)).toBe(0);
    expect(shiftOf(["a", "b"], ["x", "y"], 0)).toBe(0);
  });
});

describe("a lead", () => {
  const now = Date.parse("2026-03-11T12:00:00.000Z");
  const at = (status: string, createdAt: string, updatedAt = createdAt) => waitingOf({ status, createdAt, updatedAt }, now);

  it("waits from when it came while it is new, from its last change after that, and not at all when it is over", () => {
    expect(at("new", "2026-03-08T11:00:00.000Z", "2026-03-11T11:59:00.000Z")).toEqual({ days: 3, text: "waits 3 days", tone: "red" });
    expect(at("new", "2026-03-11T11:59:00.000Z")?.text).toBe("just came");
    expect(at("contacted", "2026-01-01T00:00:00.000Z", "2026-03-11T09:00:00.000Z")).toEqual({ days: 0, text: "quiet for 3 hours", tone: "quiet" });
    expect(at("contacted", "2026-03-01T12:00:00.000Z")?.tone).toBe("amber");
    expect(at("converted", "2026-03-01T12:00:00.000Z")).toBeUndefined();
    expect(at("new", "2026-03-11T12:10:00.000Z")?.text).toBe("just came"); // the clock of this machine is behind
  });


  it("is hot, warm or cold", () => {
    expect([92, 75, 74, 40, 0].map((score) => heatOf(score).text)).toEqual(["Hot", "Hot", "Warm", "Warm", "Cold"]);
  });
});

describe("plots", () => {
  it("have a bar for each month, over the turn of a year, those without a figure too", () => {
    const months = lastMonths({ "2025-12": 5, "2026-02": 7, undated: 3 }, "2026-02", 3);
    expect(months.map(({ month, label, cents }) => [month, label, cents])).toEqual([
      ["2025-12", "Dec", 5],
      ["2026-01", "Jan", 0],
      ["2026-02", "Feb", 7],
    ]);
  });

  it("are as high as the next round figure", () => {
    expect([0, 1, 3, 50, 51, 999].map((value) => topOf([value]))).toEqual([1, 1, 5, 50, 100, 1000]);
  });

  it("leave out statuses that nothing has", () => {
    expect(sharesOf({ opened: 3, closed: 1, other: 9 }, ["opened", "pending", "closed"])).toEqual([
      { status: "opened", count: 3, part: 0.75 },
      { status: "closed", count: 1, part: 0.25 },
    ]);
  });
});

describe("what colleagues changed", () => {
  it("leaves out one's own, and has the newest first", () => {
    const records = [record("a", { updatedBy: "ben", version: 2 }), record("b"), record("c", { updatedBy: "cy", updatedAt: "2026-03-02T12:00:00.000Z" })];
    const changes = changesOf([[ESCROWS, records]], "ava", new Map(), 5);
    expect(changes.map(({ record: { id }, deed }) => [id, deed])).toEqual([
      ["c", "added"],
      ["a", "changed"],
    ]);
  });

  it("says what it was once it has seen the record before", () => {
    const before = record("a", { purchasePriceCents: 42_500_000 });
    const said = (more: Partial<CrmRecord>) => deedOf(ESCROWS, { ...before, version: 2, ...more }, before);
    expect(said({ status: "pending" })).toBe("moved to pending");
    expect(said({ archived: true })).toBe("archived");
    expect(said({ purchasePriceCents: 43_000_000 })).toBe("set purchase price from $425,000 to $430,000 on");
    expect(said({ purchasePriceCents: 1, city: "Davis" })).toBe("changed");
    expect(said({ notes: "x" })).toBe("changed notes of");
  });
});
