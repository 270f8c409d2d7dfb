import { describe, expect, it } from "vitest";
import type { HistoryStep } from "../src/contract";
import { callOf, emailsOf, phonesOf, textTo } from "../src/clients/contact";
import { daysOnMarket, perSquareFoot, photoOf, priceSteps } from "../src/listings/facts";
import { listingsSearch } from "../src/listings/search";
import type { CrmRecord } from "../src/modules/modules";
import { centsOf } from "../src/ui/FilterField";

function record(more: Record<string, unknown>): CrmRecord {
  return { id: "l", version: 1, status: "active", archived: false, ownerId: "u", visibility: "team", createdAt: "", createdBy: "", updatedAt: "", updatedBy: "", can: [], ...more };
}

describe("days on market", () => {
  const listed = { listDate: "2026-02-26" };

  it("count to today while it is for sale or under contract, over the end of a month and a change of the clocks", () => {
    expect(daysOnMarket(record(listed), "2026-03-09")).toBe(11);
    expect(daysOnMarket(record({ ...listed, status: "pending" }), "2026-03-09")).toBe(11);
    expect(daysOnMarket(record(listed), "2026-02-26")).toBe(0);
  });

  it("end with the day it was sold", () => {
    expect(daysOnMarket(record({ ...listed, status: "sold", soldDate: "2026-03-01" }), "2026-06-01")).toBe(3);
  });

  it("are unknown without a day, before it is listed and after it left", () => {
    expect(daysOnMarket(record({}), "2026-03-09")).toBeUndefined();
    expect(daysOnMarket(record({ listDate: "2026-04-01" }), "2026-03-09")).toBeUndefined();
    for (const status of ["coming_soon", "withdrawn", "expired"]) {
      expect(daysOnMarket(record({ ...listed, status }), "2026-03-09")).toBeUndefined();
    }
  });
});

describe("a listing", () => {
  it("costs whole dollars for a square foot, of what it was sold for if it was", () => {
    const asked = { listPriceCents: 39_900_000, squareFeet: 1_836 };
    expect(perSquareFoot(record(asked))).toBe(21_700);
    expect(perSquareFoot(record({ ...asked, status: "sold", soldPriceCents: 36_720_000 }))).toBe(20_000);
    expect(perSquareFoot(record({ listPriceCents: 1, squareFeet: 0 }))).toBeUndefined();
  });

  it("shows the first photo that lies here, and none from elsewhere", () => {
    const images = { a: { position: "b", url: "https://app.test/two.jpg" }, b: { position: "a", url: "https://app.test.evil.test/one.jpg" } };
    expect(photoOf(record({ images }), "https://app.test")).toBe("https://app.test/two.jpg");
    expect(photoOf(record({}), "https://app.test")).toBeUndefined();
  });

  it("tells each price with how much it changed, newest first", () => {
    const step = (version: number, changes: Record<string, unknown>): HistoryStep => ({
      version,
      at: `2026-03-0${version}T00:00:00Z`,
      by: "u",
      action: "updated",
      changes,
    });
    const steps = priceSteps([
      step(4, { status: "sold", soldPriceCents: 38_000_000 }),
      step(3, { notes: "x" }),
      step(2, { listPriceCents: 36_000_000 }),
      step(1, { listPriceCents: 40_000_000 }),
    ]);
    expect(steps.map(({ kind, cents, percent }) => [kind, cents, percent?.toFixed(1)])).toEqual([
      ["sold", 38_000_000, "5.6"],
      ["changed", 36_000_000, "-10.0"],
      ["listed", 40_000_000, undefined],
    ]);
  });

  it("stands in the address as cards or a table", () => {
    expect(listingsSearch({ view: "table", city: "Davis", other: "x" })).toEqual({ view: "table", city: "Davis" });
    expect(listingsSearch({ view: "cards" })).toEqual({});
  });
});

describe("an amount", () => {
  it("is read as people write it", () => {
    expect(["450k", "$1.2M", "425,000", "300", "many", ""].map(centsOf)).toEqual(["45000000", "120000000", "42500000", "30000", "", ""]);
  });
});

describe("a client", () => {
  it("is reached by the main number first, then by the others, none twice", () => {
    const client = record({
      phone: "+19165550123",
      phones: { b: { position: "b", label: "Work", value: "+19165550199;ext=12" }, a: { position: "a", value: "+19165550123" } },
      emails: { a: { value: "zoe@example.com" } },
    });
    expect(phonesOf(client)).toEqual([{ value: "+19165550123" }, { label: "Work", value: "+19165550199;ext=12" }]);
    expect(emailsOf(client)).toEqual([{ value: "zoe@example.com" }]);
    expect([callOf("+19165550199;ext=12"), textTo("+19165550199;ext=12")]).toEqual(["tel:+19165550199,12", "sms:+19165550199"]);
  });
});
