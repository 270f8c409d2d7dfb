import { describe, expect, it } from "vitest";
import { toForm, toWire } from "../src/modules/formValues";
import { mergeThree, putAt } from "../src/modules/merging";
import { moduleAt, sectionsOf } from "../src/modules/modules";

const fields = sectionsOf(moduleAt("escrows")).flatMap((section) => section.fields);
const BASE = {
  propertyAddress: "12 Harbor Way",
  city: "Davis",
  purchasePriceCents: 42_500_000,
  clientIds: { c1: true },
  timeline: { t: { title: "Inspection", done: false } },
  checklists: { loan: { a: { title: "Appraisal", done: false }, b: { title: "Application", done: false } } },
};

const merged = (mine: object, theirs: object) => mergeThree(fields, BASE, { ...BASE, ...mine }, { ...BASE, ...theirs });

describe("three versions of a record", () => {
  it("become one in which what was typed stays and all else follows", () => {
    const { values, clashes, followed } = merged({ city: "Dixon" }, { purchasePriceCents: 43_000_000 });
    expect(values).toEqual({ ...BASE, city: "Dixon", purchasePriceCents: 43_000_000 });
    expect([clashes, followed]).toEqual([[], ["Purchase price"]]);
  });

  it("clash where two people have changed the same to different things, and nowhere else", () => {
    const { values, clashes } = merged({ city: "Dixon", propertyAddress: "14" }, { city: "Woodland", propertyAddress: "14" });
    expect(clashes).toMatchObject([{ path: ["city"], label: "City", base: "Davis", mine: "Dixon", theirs: "Woodland" }]);
    expect(values).toMatchObject({ city: "Dixon", propertyAddress: "14" });
  });

  it("clash within a checklist by its items and their fields", () => {
    const mine = { loan: { a: { title: "Appraisal", done: true }, b: { title: "Application, signed", done: false } } };
    const theirs = { loan: { a: { title: "Appraisal", done: false }, b: { title: "Application by post", done: true } } };
    const { values, clashes } = merged({ checklists: mine }, { checklists: theirs });
    expect(clashes.map(({ path, label }) => [path.join("."), label])).toEqual([
      ["checklists.loan.b.title", "Checklists, Loan, Application, signed, Title"],
    ]);
    expect(values["checklists"]).toEqual({
      loan: { a: { title: "Appraisal", done: true }, b: { title: "Application, signed", done: true } },
    });
  });

  it("clash as a whole where one has removed an item that the other has changed", () => {
    const { values, clashes } = merged({ timeline: {} }, { timeline: { t: { title: "Inspection", done: true } } });
    expect(clashes).toMatchObject([{ path: ["timeline", "t"], mine: undefined, theirs: { done: true } }]);
    expect(values["timeline"]).toEqual({});
    const [clash] = clashes;
    expect(putAt(values, clash?.path ?? [], clash?.theirs)["timeline"]).toEqual({ t: { title: "Inspection", done: true } });
  });

  it("keep what both have added", () => {
    const { values, clashes } = merged({ clientIds: { c1: true, c2: true } }, { clientIds: { c3: true } });
    expect([values["clientIds"], clashes]).toEqual([{ c2: true, c3: true }, []]);
  });

  it("do not clash once more over what was seen to follow", () => {
    const first = merged({}, { city: "Woodland" });
    const typed = { ...first.values, city: "Winters" };
    const again = mergeThree(fields, first.origin, typed, { ...BASE, city: "Woodland", propertyAddress: "14" });
    expect(again.clashes).toEqual([]);
    expect(again.values).toMatchObject({ city: "Winters", propertyAddress: "14" });
  });

  it("leave as it is what nobody can read", () => {
    const typed = toWire(fields, { ...toForm(fields, BASE), purchasePriceCents: "a lot" });
    const { values } = mergeThree(fields, BASE, typed, { ...BASE, city: "Dixon" });
    expect(toForm(fields, values)["purchasePriceCents"]).toBe("a lot");
  });
});
