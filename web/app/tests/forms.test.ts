import { describe, expect, it } from "vitest";
import { patchOf, toForm, toWire } from "../src/modules/formValues";
import { told } from "../src/modules/told";
import { columnsOf, moduleAt, MODULES, sectionsOf, titleOf, type CrmRecord } from "../src/modules/modules";
import { cleanSearch, parseSearch, stringifySearch } from "../src/urls";

const escrows = moduleAt("escrows");
const fields = sectionsOf(escrows).flatMap((section) => section.fields);

const RECORD = {
  propertyAddress: "12 Harbor Way",
  purchasePriceCents: 42_500_050,
  commissionPercent: 2.5,
  closeOfEscrowDate: "2026-04-15",
  clientIds: { c1: true },
  timeline: { a: { at: "2026-03-09T17:00:00.000Z", title: "Inspection", done: true, position: "a0" } },
  checklists: { loan: {}, house: { x: { title: "Roof", done: false } }, admin: {} },
  documents: {},
};

describe("a form", () => {
  it("that nobody touched changes nothing", () => {
    const values = toForm(fields, RECORD);
    expect(patchOf(toWire(fields, values), toWire(fields, toForm(fields, RECORD)))).toEqual({});
  });

  it("gives back what it was given, in every kind of field", () => {
    expect(toWire(fields, toForm(fields, RECORD))).toEqual(RECORD);
  });

  it("sends what was changed, null for what was cleared or removed, and nothing else", () => {
    const before = toForm(fields, RECORD);
    const after = {
      ...before,
      purchasePriceCents: "$430,000.50",
      closeOfEscrowDate: "",
      timeline: [{ key: "b", title: "Appraisal", at: "", done: false, position: "" }],
    };
    expect(patchOf(toWire(fields, before), toWire(fields, after))).toEqual({
      purchasePriceCents: 43_000_050,
      closeOfEscrowDate: null,
      timeline: { a: null, b: { title: "Appraisal", done: false } },
    });
  });

  it("leaves what it cannot read to the server", () => {
    expect(toWire(fields, { purchasePriceCents: "a lot" })).toMatchObject({ purchasePriceCents: "a lot" });
  });
});

describe("a module", () => {
  it.each(MODULES.map((module) => [module.path, module] as const))("%s has columns, sections and a title", (_, module) => {
    expect(columnsOf(module).length).toBeGreaterThan(1);
    expect(sectionsOf(module)[0]?.fields.length).toBeGreaterThan(0);
    const record = { id: "01a20594", firstName: "Zoë", lastName: "Hart", address: "3526 High St" };
    const named = { ...record, title: "Showing", propertyAddress: "12 Harbor Way" } as unknown as CrmRecord;
    expect(["Zoë Hart", "3526 High St", "Showing", "12 Harbor Way"]).toContain(titleOf(module, named));
  });

  it("that was declared a moment ago has a title, too", () => {
    const offer = { ...escrows, noun: "offer", fields: { amountCents: { type: "money", label: "Amount" } } } as const;
    expect(titleOf(offer, { id: "01a20594-c049" } as unknown as CrmRecord)).toBe("offer 01a20594");
  });
});

it("history is told in words, with what a field was before", () => {
  const step = (version: number, action: string, changes: object) => ({
    version,
    action,
    changes: changes as Record<string, unknown>,
    at: "2026-03-09T17:00:00.000Z",
    by: "u-1",
  });
  const steps = [
    step(4, "archived", { archived: true }),
    step(3, "updated", { purchasePriceCents: 43_000_000, notes: "x", city: null }),
    step(2, "updated", { city: "Davis" }),
    step(1, "created", { purchasePriceCents: 42_500_000 }),
  ];
  expect(told(escrows, steps).map(({ sentence }) => sentence)).toEqual([
    "archived this",
    "changed purchase price from $425,000 to $430,000, changed notes and cleared city",
    "set city to Davis",
    "added this",
  ]);
});

it("history says what became of single items, and who owns it now", () => {
  const step = (version: number, changes: object) => ({
    version,
    action: version === 1 ? "created" : "updated",
    changes: changes as Record<string, unknown>,
    at: "2026-03-09T17:00:00.000Z",
    by: "u-1",
  });
  const steps = [
    step(6, { checklists: { loan: { a: null } } }),
    step(5, { ownerId: "u-2" }),
    step(4, { checklists: { loan: { a: { done: true } } }, timeline: { t: { at: "2026-04-01T17:00:00.000Z" } } }),
    step(3, { clientIds: { c1: null, c2: true } }),
    step(2, { checklists: { loan: { a: { title: "Appraisal", done: false } } } }),
    step(1, { clientIds: { c1: true }, timeline: { t: { title: "Inspection" } } }),
  ];
  const named = (id: string) => (id === "u-2" ? "Ben" : "Ava");
  expect(told(escrows, steps, named).map(({ sentence }) => sentence)).toEqual([
    "removed Appraisal from loan",
    "gave this to Ben",
    "checked off Appraisal in loan and changed Inspection in timeline",
    "unlinked a client and linked a client",
    "added Appraisal to loan",
    "added this",
  ]);
});

it("an address says what is searched for, and nothing else", () => {
  const search = cleanSearch(parseSearch("?q=a%26b&status=opened,pending&limit=7&sort="));
  expect(search).toEqual({ q: "a&b", status: "opened,pending" });
  expect(stringifySearch({ ...search })).toBe("?q=a%26b&status=opened,pending");
});
