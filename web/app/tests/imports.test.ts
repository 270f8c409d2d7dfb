/** What is corrected of an import, what is sent of that, and what is said of its columns and its end. */

import { describe, expect, it } from "vitest";
import { refusalOf } from "../src/imports/bring";
import { aimed, answerOf, choiceOf, clashesOf, type Corrections, groupOf, isChanged, meant, NONE, questionsOf, read, targetOf, undecidedWords, withLinked, wordsOf } from "../src/imports/corrections";
import { besideText, type Column, goText, labelOf, noteTarget, type Proposal, proposalOf } from "../src/imports/proposal";
import { importTold, leftOf, rowsFileOf } from "../src/imports/result";
import { moduleOf } from "../src/modules/modules";
import { lookOf } from "../src/tasks/looks";

const CLIENT = moduleOf("client");

function column(name: string, more: Partial<Column> = {}): Column {
  return { name, confidence: "sure", target: null, candidates: [], samples: [], reading: {}, remark: "", ...more };
}

const NAME = column("First Name", { target: "firstName" });
const REACH = column("Reach", { confidence: "suggested", candidates: ["email"] });
const SHOE = column("Shoe Size", { confidence: "unknown" });
const KIND = column("Kind", { target: "clientType", reading: { words: { Buyer: "buyer", Sphere: null, Nurture: null } } });

function proposal(columns: readonly Column[] = [NAME, REACH, SHOE, KIND], more: Partial<Proposal> = {}): Proposal {
  const target = (name: string, kind: string, choices?: string[]) => ({ name, kind, required: false, ...(choices && { choices }) });
  return {
    file: { id: "f1", name: "people.csv" },
    module: "client",
    rows: 3,
    columns,
    targets: [target("firstName", "text"), target("email", "email"), target("notes", "longText"), target("clientType", "words", ["buyer", "seller"])],
    missing: [],
    refused: "",
    header: true,
    constants: {},
    duplicates: "skip",
    update: "empty",
    ownerId: "ava",
    counts: { create: 3, update: 0, skip: 0, reject: 0, warned: 0, duplicate: 0, same: 0 },
    linked: [],
    examples: [],
    remarks: [],
    notes: [],
    warnings: [],
    ...more,
  };
}

describe("what a column becomes", () => {
  it("is chosen by nobody between sure and unknown", () => {
    expect(targetOf(NAME, undefined)).toBe("firstName");
    expect(targetOf(REACH, undefined)).toBeUndefined();
    expect(targetOf(SHOE, undefined)).toBeNull();
    expect([NAME, REACH, SHOE, KIND].map(groupOf)).toEqual(["sure", "decide", "out", "decide"]);
  });

  it("is asked about where its values do not show how they are read", () => {
    const days = column("Birthday", { target: "birthday", reading: { order: "mdy", assumed: true } });
    expect(groupOf(days)).toBe("decide");
    expect(groupOf({ ...days, reading: { order: "mdy" } })).toBe("sure");
    expect(questionsOf(days)).toMatchObject([{ name: "order", value: "mdy", waits: true }]);
    expect(questionsOf({ ...days, reading: { order: "mixed" } })).toMatchObject([{ waits: true }]);
    expect(questionsOf({ ...days, reading: { order: "serial" } })).toEqual([]);
    expect(questionsOf(days, { target: "birthday", reading: { order: "dmy" }, words: {} })).toMatchObject([{ value: "dmy", waits: false }]);
    expect(questionsOf(column("Rate", { reading: { decimalSign: ".", scale: "" } })).map(({ name, waits }) => [name, waits])).toEqual([
      ["decimalSign", false],
      ["scale", true],
    ]);
    expect(questionsOf(column("Price", { reading: { unit: "cents", bare: "USD" } }))).toEqual([]);
    expect(questionsOf(column("Land", { reading: { unit: "" } }))).toMatchObject([{ name: "unit", waits: true }]);
  });
});

describe("a correction", () => {
  it("is sent with all that was said of columns before", () => {
    const said = { target: "notes", reading: {}, words: {} };
    const asked = proposal([NAME, REACH, { ...SHOE, target: "notes", choice: said }, KIND]);
    const now = aimed(NONE, asked, 1, "email");
    expect(answerOf(now, asked)).toEqual({ columns: { 1: { target: "email", reading: {}, words: {} }, 2: said } });
    expect(answerOf(aimed(NONE, asked, 2, undefined), asked)).toEqual({ columns: { 2: null } });
  });

  it("that is taken back is none", () => {
    const asked = proposal();
    const now = aimed(NONE, asked, 1, "email");
    expect(isChanged(now, asked)).toBe(true);
    expect(isChanged(aimed(now, asked, 1, undefined), asked)).toBe(false);
    expect(isChanged({ columns: {}, duplicates: "skip", ownerId: "ava", constants: { status: "" } }, asked)).toBe(false);
    expect(isChanged({ columns: {}, duplicates: "update" }, asked)).toBe(true);
    expect(isChanged({ columns: {}, constants: { status: "active" } }, asked)).toBe(true);
  });

  it("of what a column is forgets how it was read as something else", () => {
    const asked = proposal();
    const now = meant(NONE, asked, 3, "Sphere", "seller");
    expect(choiceOf(asked, now, 3)).toEqual({ target: "clientType", reading: {}, words: { Sphere: "seller" } });
    expect(choiceOf(asked, aimed(now, asked, 3, "notes"), 3)).toEqual({ target: "notes", reading: {}, words: {} });
    expect(choiceOf(asked, aimed(now, asked, 3, "clientType"), 3)?.words).toEqual({ Sphere: "seller" });
  });

  it("of how values are read keeps what the column is", () => {
    const asked = proposal();
    expect(choiceOf(asked, read(NONE, asked, 0, { order: "dmy" }), 0)).toEqual({ target: "firstName", reading: { order: "dmy" }, words: {} });
  });

  it("of which line names the columns says nothing of columns that are not there then", () => {
    const asked = proposal();
    const now: Corrections = { ...aimed(NONE, asked, 1, "email"), header: false };
    expect(answerOf(now, asked)).toEqual({ columns: {}, header: false });
  });

  it("cannot make two columns one field, unless that takes several", () => {
    const asked = proposal();
    expect([...clashesOf(asked, aimed(NONE, asked, 1, "firstName"))]).toEqual([]); // what is chosen wins over what is seen
    const twice = aimed(aimed(NONE, asked, 1, "firstName"), asked, 2, "firstName");
    expect([...clashesOf(asked, twice)]).toEqual([[2, "Reach is First name already."]]);
    expect([...clashesOf(asked, aimed(aimed(NONE, asked, 1, "notes"), asked, 2, "notes"))]).toEqual([]);
  });
});

describe("what else is made of the rows", () => {
  const buyer = { name: "buyer", noun: "client", columns: ["Buyer"], chosen: true, create: 2 };
  const asked = proposal([NAME], { linked: [buyer, { ...buyer, name: "seller", chosen: false, create: 0 }, { ...buyer, name: "listing", noun: "listing", create: 1 }] });

  it("is what somebody wants of it, in one order", () => {
    const now = withLinked(NONE, asked, "seller", true);
    expect(now.linked).toEqual(["buyer", "seller", "listing"]);
    expect(isChanged(now, asked)).toBe(true);
    expect(isChanged(withLinked(now, asked, "seller", false), asked)).toBe(false);
    expect(answerOf(now, asked)).toEqual({ columns: {}, linked: ["buyer", "seller", "listing"] });
  });

  it("is counted once by what it is", () => {
    expect(besideText(asked)).toBe("and 2 clients and 1 listing beside them");
    expect(besideText(proposal())).toBe("");
  });
});

describe("words that say nothing to us", () => {
  it("wait for a decision, and are never guessed", () => {
    const asked = proposal();
    expect(wordsOf(KIND, undefined)).toEqual([
      { word: "Buyer", isKnown: true, meant: "buyer" },
      { word: "Sphere", isKnown: false, meant: undefined },
      { word: "Nurture", isKnown: false, meant: undefined },
    ]);
    expect(undecidedWords(asked, NONE)).toBe(2);
    const now = meant(meant(NONE, asked, 3, "Sphere", "seller"), asked, 3, "Nurture", null);
    expect(undecidedWords(asked, now)).toBe(0);
    expect(undecidedWords(asked, meant(now, asked, 3, "Sphere", undefined))).toBe(1);
  });

  it("are decided in the next proposal, where that can be taken back", () => {
    const choice = { target: "clientType", reading: {}, words: { Sphere: "seller", Nurture: null } };
    const kind = { ...KIND, choice, reading: { words: { Buyer: "buyer", Sphere: "seller", Nurture: null }, left: ["Nurture"] } };
    const asked = proposal([kind]);
    expect(groupOf(kind)).toBe("sure");
    expect(undecidedWords(asked, NONE)).toBe(0);
    expect(undecidedWords(asked, meant(NONE, asked, 0, "Nurture", undefined))).toBe(1);
  });
});

describe("in words", () => {
  it("fields are called as on forms, and their parts by both", () => {
    expect(labelOf(CLIENT, "firstName")).toBe("First name");
    expect(labelOf(moduleOf("listing"), "bathrooms.threeQuarter")).toBe("Bathrooms: three quarter");
    expect(labelOf(CLIENT, "place")).toBe("City, state and ZIP code");
    expect(noteTarget(proposal().targets)).toBe("notes");
  });

  it("the button says what it does", () => {
    const counts = (create: number, update: number) => proposal([], { counts: { ...proposal().counts, create, update } });
    if (!CLIENT) throw new Error("There is no module of clients.");
    expect(goText(counts(1, 0), CLIENT)).toBe("Import 1 client");
    expect(goText(counts(1_200, 0), CLIENT)).toBe("Import 1,200 clients");
    expect(goText(counts(0, 2), CLIENT)).toBe("Update 2 clients");
    expect(goText(counts(3, 2), CLIENT)).toBe("Import 3 and update 2 clients");
  });

  it("the end is told with the rows to look at, and stays then", () => {
    const task = { counts: { created: 10, warned: 1, rejected: 2 }, result: { report: { fileId: "t1-rows", rows: 3 } } } as never;
    expect(importTold(task)).toBe("10 created · 2 rejected · 1 warned");
    expect(rowsFileOf(task)).toEqual({ fileId: "t1-rows", rows: 3 });
    expect(rowsFileOf({ result: {} })).toBeUndefined();
    expect(leftOf({ result: {} })).toEqual([]);
    expect(lookOf("import").stays(task)).toBe(true);
    expect(lookOf("import").stays({ counts: { created: 10 } } as never)).toBe(false);
    expect(lookOf("find_duplicates").stays(task)).toBe(false);
  });

  it("a file that cannot be sent says why before it is", () => {
    expect(refusalOf({ size: 50_000_001 })).toBe("This file has 50 MB; an import may have 50 MB. Import it in parts.");
    expect(refusalOf({ size: 0 })).toBe("This file is empty.");
    expect(refusalOf({ size: 50_000_000 })).toBeUndefined();
  });

  it("a task that proposes no columns has no form", () => {
    expect(proposalOf({ proposal: { pairs: [] } })).toBeUndefined();
    expect(proposalOf({})).toBeUndefined();
  });
});
