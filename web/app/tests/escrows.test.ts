import { describe, expect, it } from "vitest";
import { isSame, itemAt, itemPatch, progressOf, wholeProgress } from "../src/escrows/checklists";
import { commissionOf, followed, workedOut } from "../src/escrows/commission";
import type { Escrow } from "../src/escrows/escrow";
import { inOrder } from "../src/modules/items";
import { dueWithin, keyDatesOf, nextDate, urgency } from "../src/escrows/keyDates";
import { businessDaysAfter, deadlines } from "../src/escrows/templates";

const escrow = (more: Partial<Escrow>): Escrow => ({
  id: "e",
  version: 1,
  status: "opened",
  archived: false,
  ownerId: "u",
  visibility: "team",
  createdAt: "2026-03-01T12:00:00.000Z",
  createdBy: "u",
  updatedAt: "2026-03-01T12:00:00.000Z",
  updatedBy: "u",
  can: ["edit"],
  propertyAddress: "12 Harbor Way",
  ...more,
});

describe("key dates", () => {
  const full = escrow({
    openedDate: "2026-03-01",
    contingencyRemovalDate: "2026-03-18",
    closeOfEscrowDate: "2026-04-01",
    timeline: {
      b: { at: "2026-03-10T12:00:00.000Z", title: "Inspection" },
      a: { at: "2026-04-01T12:00:00.000Z", title: "Keys" },
    },
  });

  it("stand in the order of their days, what closes after all else of its day", () => {
    const titles = keyDatesOf(full, "2026-03-05").map(({ title }) => title);
    expect(titles).toEqual(["Opened", "Inspection", "Contingencies removed", "Keys", "Close of escrow"]);
  });

  it("name the next one that is not done, and none of an escrow that is over or archived", () => {
    expect(nextDate(full, "2026-03-05")?.title).toBe("Inspection");
    expect(nextDate({ ...full, timeline: { b: { at: "2026-03-10T12:00:00.000Z", title: "Inspection", done: true } } }, "2026-03-05")?.title).toBe(
      "Contingencies removed",
    );
    expect(nextDate({ ...full, status: "cancelled" }, "2026-03-05")).toBeUndefined();
    expect(nextDate({ ...full, archived: true }, "2026-03-05")).toBeUndefined();
  });

  it("take contingencies of a pending escrow for removed once their day has passed, of an opened one for overdue", () => {
    const done = (status: string) => keyDatesOf({ ...full, status }, "2026-03-20").find(({ id }) => id === "contingencyRemovalDate")?.done;
    expect([done("pending"), done("opened"), done("closed")]).toEqual([true, false, true]);
  });

  it("of the week are the overdue ones first, by how long they are", () => {
    const other = escrow({ id: "o", closeOfEscrowDate: "2026-03-09" });
    const far = escrow({ id: "f", closeOfEscrowDate: "2026-03-19" });
    const due = dueWithin([full, far, other], 7, new Date(2026, 2, 11, 9));
    expect(due.map(({ escrow: { id }, days }) => [id, days])).toEqual([
      ["o", -2],
      ["e", -1],
      ["e", 7],
    ]);
  });

  it("are red when late and amber within two days", () => {
    expect([-1, 0, 2, 3].map(urgency)).toEqual(["red", "amber", "amber", "quiet"]);
  });
});

describe("commission", () => {
  it("is worked out to the cent, half a cent up, without errors of binary fractions", () => {
    expect(workedOut({ purchasePriceCents: 42_500_000, commissionPercent: 2.5 })).toBe(1_062_500);
    expect(workedOut({ purchasePriceCents: 101, commissionPercent: 2.475 })).toBe(2);
    expect(workedOut({ purchasePriceCents: 100_000, commissionPercent: 1.0005 })).toBe(1001);
    expect(workedOut({ purchasePriceCents: 10 ** 13, commissionPercent: 99.999 })).toBe(9_999_900_000_000);
    expect(workedOut({ purchasePriceCents: 100 })).toBeUndefined();
  });

  it("says whether it follows the rule or was corrected", () => {
    const terms = { purchasePriceCents: 1_000_000, commissionPercent: 3 };
    expect(commissionOf(terms)).toEqual({ cents: 30_000, by: "rule", rule: 30_000 });
    expect(commissionOf({ ...terms, commissionTotalCents: 25_000 })).toEqual({ cents: 25_000, by: "hand", rule: 30_000 });
    expect(commissionOf({})).toEqual({ cents: undefined, by: "nobody", rule: undefined });
  });

  it("follows price and percent until somebody corrects it", () => {
    const before = { purchasePriceCents: 1_000_000, commissionPercent: 3 };
    const after = { purchasePriceCents: 2_000_000, commissionPercent: 3 };
    expect(followed(undefined, {}, before)).toBe(30_000);
    expect(followed(30_000, before, after)).toBe(60_000);
    expect(followed(25_000, before, after)).toBe(25_000);
    expect(followed(30_000, before, { purchasePriceCents: 1_000_000 })).toBe(30_000);
  });
});

describe("checklists", () => {
  const checklists = {
    loan: { a: { title: "Application", done: true, position: "B" }, b: { title: "Appraisal", position: "A" } },
    house: { c: { title: "Inspection" } },
  };

  it("count what is done, of each list and of all", () => {
    expect(progressOf(checklists.loan)).toEqual({ done: 1, of: 2 });
    expect(wholeProgress({ checklists })).toEqual({ done: 1, of: 3 });
    expect(wholeProgress({})).toEqual({ done: 0, of: 0 });
  });

  it("are in the order of their positions, then of their ids, and what has none is last", () => {
    const ids = inOrder({ z: {}, b: { position: "A" }, a: { position: "A" }, y: {} }).map(([id]) => id);
    expect(ids).toEqual(["a", "b", "y", "z"]);
  });

  it("are patched item by item", () => {
    expect(itemPatch(["checklists", "loan", "a"], { done: true })).toEqual({ checklists: { loan: { a: { done: true } } } });
    expect(itemAt({ checklists }, ["checklists", "loan", "b"])?.title).toBe("Appraisal");
    expect(itemAt({}, ["checklists", "loan", "b"])).toBeUndefined();
  });

  it("are guarded item by item: another title, day or tick is a conflict, and so is an item that is gone", () => {
    const item = { title: "Appraisal" };
    expect(isSame(item, { title: "Appraisal", done: false, position: "Q" })).toBe(true);
    expect(isSame(item, { title: "Appraisal", done: true })).toBe(false);
    expect(isSame(item, { title: "Appraisal, waived" })).toBe(false);
    expect(isSame({ title: "Keys", at: "2026-03-01T00:00:00.000Z" }, { title: "Keys", at: "2026-03-02T00:00:00.000Z" })).toBe(false);
    expect(isSame(item, undefined)).toBe(false);
  });
});

describe("the deadlines of a contract", () => {
  it("skip weekends where they count business days", () => {
    expect(businessDaysAfter("2026-03-05", 3)).toBe("2026-03-10"); // a Thursday
    expect(businessDaysAfter("2026-03-07", 1)).toBe("2026-03-09"); // a Saturday
  });

  it("are those of California, in their order", () => {
    const days = inOrder(deadlines("2026-03-05")).map(([id, { at }]) => [id, new Date(at).getDate()]);
    expect(days).toEqual([
      ["deposit", 10],
      ["disclosures", 12],
      ["investigation", 22],
      ["loan", 26],
    ]);
  });
});
