/** What is proposed of a text, what somebody makes of it, and what is sent of that. */

import { beforeEach, describe, expect, it } from "vitest";
import type { FormValues } from "../src/modules/formValues";
import { toWire } from "../src/modules/formValues";
import { chooseZone } from "../src/ownZone";
import { lookOf } from "../src/tasks/looks";
import * as dates from "../src/texts/dates";
import { answerOf as describedAnswer, describedOf, factsOf } from "../src/texts/description";
import { writtenSoFar } from "../src/texts/page";
import { lengthOf, refusalOf } from "../src/texts/paste";
import { answerOf, columnsOf, countOf, faultsOf, fieldsOf, firstValues, type Found, type FromText, fromTextOf, isAtHand, linksOf, nameOf, placesOf, type Proposed } from "../src/texts/records";
import { madeOf } from "../src/texts/result";
import { piecesOf, type Place, quoted } from "../src/texts/source";

beforeEach(() => chooseZone("America/Los_Angeles"));

const TEXT = "😀 Escrow for 123 Main St, buyer Ana Ruiz, $540,000";

/** As the server says where words stand: in code points. */
function place(words: string, text = TEXT): Place {
  const start = Array.from(text.slice(0, text.indexOf(words))).length;
  return { start, end: start + Array.from(words).length, words };
}

const found = (value: unknown, words: string): Found => ({ value, ...place(words) });

function record(ref: string, noun: string, fields: Record<string, Found>, more: Partial<Proposed> = {}): Proposed {
  return { ref, noun, fields, links: {}, missing: [], alike: [], ...more };
}

const ESCROW = record(
  "escrow-1",
  "escrow",
  { propertyAddress: found("123 Main St", "123 Main St"), purchasePriceCents: found(54_000_000, "$540,000") },
  { links: { listingId: "listing-1", clientIds: { "client-1": true } } },
);
const LISTING = record("listing-1", "listing", { address: found("123 Main St", "123 Main St") }, { missing: ["city"] });
const CLIENT = record("client-1", "client", { firstName: found("Ana", "Ana"), lastName: found("Ruiz", "Ruiz") }, { alike: [{ id: "c9", name: "Ruiz Ana" }] });
const DAY = {
  startsAt: "2026-08-03T07:00:00.000Z",
  endsAt: "2026-08-04T07:00:00.000Z",
  allDay: true,
  timeZone: "America/Los_Angeles",
  title: "Close of escrow",
};
const WHOLE = record("appointment-1", "appointment", Object.fromEntries(Object.entries(DAY).map(([name, value]) => [name, found(value, "$540,000")])));
const TIMED = record("appointment-2", "appointment", {
  title: found("Walk-through", "Escrow"),
  startsAt: found("2026-08-01T17:00:00.000Z", "Escrow"),
  endsAt: found("2026-08-01T18:00:00.000Z", "Escrow"),
});
const PROPOSAL: FromText = { engine: "rules", records: [ESCROW, LISTING, CLIENT, WHOLE, TIMED], warnings: [], needsTeam: false, text: TEXT };

const COLUMNS = columnsOf(PROPOSAL, [["visibility", { type: "choice", label: "Seen by", choices: ["team", "private"] }]]);
const FIRST = firstValues(PROPOSAL, COLUMNS, { visibility: "team" });

/** What stands in the form once these, by their paths, are typed. */
function typed(values: Record<string, unknown>, first: FormValues = FIRST): FormValues {
  const made = structuredClone(first) as Record<string, unknown>;
  for (const [path, value] of Object.entries(values)) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    const at = names.reduce((inner, name) => (inner[name] ??= {}) as Record<string, unknown>, made);
    at[last] = value;
  }
  return made as FormValues;
}

const sent = (values: Record<string, unknown>) => answerOf(PROPOSAL, FIRST, typed(values));
const fieldsSent = (ref: string, values: Record<string, unknown>) => sent(values).records.find((each) => each.ref === ref)?.fields;

describe("places in a text", () => {
  it("cut it where they begin and end, counted as the server counts", () => {
    const pieces = piecesOf(TEXT, [
      ["address", place("123 Main St")],
      ["name", place("Ana Ruiz")],
      ["first", place("Ana")],
    ]);
    expect(pieces.map(({ text }) => text).join("")).toBe(TEXT);
    expect(pieces.filter(({ names }) => names.length > 0).map(({ text, names }) => [text, names])).toEqual([
      ["123 Main St", ["address"]],
      ["Ana", ["first", "name"]],
      [" Ruiz", ["name"]],
    ]);
  });

  it("that end beyond the text end with it", () => {
    expect(piecesOf("abc", [["x", { start: 2, end: 9, words: "c" }]])).toEqual([
      { start: 0, text: "ab", names: [] },
      { start: 2, text: "c", names: ["x"] },
    ]);
  });

  it("are quoted in a line", () => {
    expect(quoted(" closing\n August  3 ")).toBe("“closing August 3”");
    expect(quoted("x".repeat(100))).toBe(`“${"x".repeat(80)} …”`);
  });
});

describe("a pasted text", () => {
  it("is counted without what is around it, and refused before it is sent if it is empty or too long", () => {
    expect(lengthOf(" 😀a \n")).toBe(2);
    expect(refusalOf("  ")).toBe("Paste a text first.");
    expect(refusalOf("a".repeat(40_000))).toBeUndefined();
    expect(refusalOf("a".repeat(40_001))).toContain("40,001 characters");
  });
});

describe("the records of a text", () => {
  it("show what it says and what is missing, and have the rest at hand", () => {
    const shown = fieldsOf(LISTING).filter(([name]) => isAtHand(LISTING, name));
    expect(shown.map(([name]) => name)).toEqual(["address", "city"]);
    expect(fieldsOf(ESCROW).map(([name]) => name)).not.toContain("clientIds");
    expect([ESCROW, CLIENT].map(nameOf)).toEqual(["123 Main St", "Ana Ruiz"]);
    expect(linksOf(PROPOSAL.records, ESCROW).map(({ to }) => to.ref)).toEqual(["listing-1", "client-1"]);
  });

  it("nobody has changed are sent as they are", () => {
    const answer = sent({});
    expect(answer.records.map(({ ref, fields }) => [ref, fields])).toEqual(PROPOSAL.records.map(({ ref }) => [ref, {}]));
    expect(answer.visibility).toBe("team");
    expect(toWire(COLUMNS, typed({}))).toEqual(toWire(COLUMNS, FIRST));
  });

  it("are sent with what was typed, as a patch; what was emptied is a null", () => {
    expect(fieldsSent("escrow-1", { "fields.escrow-1.purchasePriceCents": "$550,000", "fields.escrow-1.lenderName": "Delta" })).toEqual({
      purchasePriceCents: 55_000_000,
      lenderName: "Delta",
    });
    expect(fieldsSent("client-1", { "fields.client-1.firstName": "" })).toEqual({ firstName: null });
  });

  it("can be left out, be one that is there, and lose a link", () => {
    const answer = sent({ "take.listing-1": false, "use.client-1": "c9", "links.escrow-1.client-1": false });
    expect(answer.records.map(({ ref }) => ref)).toEqual(["escrow-1", "client-1", "appointment-1", "appointment-2"]);
    expect(answer.records[0]?.fields).toEqual({ clientIds: { "client-1": null } });
    expect(answer.records[1]).toEqual({ ref: "client-1", use: "c9" });
    expect(fieldsSent("escrow-1", { "links.escrow-1.listing-1": false })).toEqual({ listingId: null });
    expect(countOf(PROPOSAL, typed({ "take.listing-1": false, "use.client-1": "c9" }))).toBe(3);
  });

  it("name a team where the team sees them", () => {
    expect(sent({ teamId: "south" }).teamId).toBe("south");
    expect(sent({ teamId: "south", visibility: "private" }).teamId).toBeUndefined();
  });

  it("that last a whole day are typed as one, and keep their length over a change of the clocks", () => {
    expect(fieldsOf(WHOLE).map(([name]) => name)).not.toContain("endsAt");
    expect((FIRST["fields"] as FormValues)["appointment-1"]).toMatchObject({ startsAt: "2026-08-03" });
    expect(fieldsSent("appointment-1", { "fields.appointment-1.startsAt": "2026-11-01" })).toEqual({
      startsAt: "2026-11-01T07:00:00.000Z",
      endsAt: "2026-11-02T08:00:00.000Z",
    });
  });

  it("that have a time keep their length when they begin at another, unless their end is typed", () => {
    expect(fieldsSent("appointment-2", { "fields.appointment-2.startsAt": "2026-08-01T12:30" })).toEqual({
      startsAt: "2026-08-01T19:30:00.000Z",
      endsAt: "2026-08-01T20:30:00.000Z",
    });
    expect(fieldsSent("appointment-2", { "fields.appointment-2.startsAt": "2026-08-01T12:30", "fields.appointment-2.endsAt": "2026-08-01T15:00" })).toEqual({
      startsAt: "2026-08-01T19:30:00.000Z",
      endsAt: "2026-08-01T22:00:00.000Z",
    });
  });

  it("stand in the form where the server says that something is wrong", () => {
    const answer = sent({ "take.listing-1": false });
    const faults = faultsOf(PROPOSAL, answer, [
      { field: "answer.records.1.fields.lastName", message: "is too long" },
      { field: "answer.records.0.fields.clientIds", message: "names too many" },
      { field: "answer.teamId", message: "name one of your teams" },
      { field: "answer.records", message: "nothing is left" },
    ]);
    expect(faults).toEqual([
      { path: "fields.client-1.lastName", message: "Last name is too long." },
      { path: "", message: "123 Main St: Clients names too many." },
      { path: "teamId", message: "Team: name one of your teams." },
      { path: "", message: "Nothing is left." },
    ]);
  });

  it("say where in the text each field stands", () => {
    const places = new Map(placesOf({ ...PROPOSAL, warnings: [{ message: "Two prices.", ...place("$540,000") }, { message: "Cut." }] }));
    expect(places.get("fields.client-1.lastName")).toMatchObject(place("Ruiz"));
    expect([...places.keys()].filter((name) => name.startsWith("warnings."))).toEqual(["warnings.0"]);
  });

  it("are those of a proposal of this kind alone, and of a result", () => {
    expect(fromTextOf({ proposal: PROPOSAL as never })).toBe(PROPOSAL);
    expect(fromTextOf({ proposal: { pairs: [] } })).toBeUndefined();
    expect(madeOf({ result: { created: 1, records: [{ noun: "client", id: "c1" }] } })).toEqual([{ noun: "client", id: "c1" }]);
    expect(madeOf({})).toEqual([]);
  });
});

describe("the dates of an agreement", () => {
  const date = (key: string, label: string, target: string | null, more: Partial<dates.KeyDate> = {}): dates.KeyDate => {
    const span = { start: 0, end: 3, words: "May" };
    return { key, label, title: label, day: `2026-05-0${key}`, span, sentence: span, counted: null, anchor: null, notes: [], target, ...more };
  };
  const proposal: dates.Dates = {
    engine: "rules",
    escrow: "e1",
    dates: [date("1", "Acceptance", "timeline"), date("2", "Close", null), date("3", "Close", null)],
    unresolved: [],
    notice: "",
  };
  const columns = dates.columnsOf(proposal);
  const first = dates.firstValues(proposal, columns);

  it("are kept as they are proposed, but for those that somebody has to choose of", () => {
    expect(dates.answerOf(proposal, first)).toEqual({ dates: [{ key: "1", day: "2026-05-01", title: "Acceptance", target: "timeline" }], appointments: false });
  });

  it("are kept as they were typed", () => {
    const values = typed({ "dates.date-1.keep": false, "dates.date-2.keep": true, "dates.date-2.target": "closeOfEscrowDate", "dates.date-2.day": "2026-05-09", appointments: true }, first);
    expect(dates.faultsOf(proposal, values).size).toBe(0);
    expect(dates.answerOf(proposal, values)).toEqual({ dates: [{ key: "2", day: "2026-05-09", title: "Close", target: "closeOfEscrowDate" }], appointments: true });
    expect(dates.pathOf(proposal, values, "answer.dates.0.day")).toBe("dates.date-2.day");
    expect(dates.pathOf(proposal, values, "answer.dates")).toBe("");
  });

  it("need a place of their own, but on the timeline", () => {
    const both = { "dates.date-2.keep": true, "dates.date-3.keep": true, "dates.date-2.target": "closeOfEscrowDate" };
    expect([...dates.faultsOf(proposal, typed(both, first))]).toEqual([["dates.date-3.target", "Choose where it is kept."]]);
    expect([...dates.faultsOf(proposal, typed({ ...both, "dates.date-3.target": "closeOfEscrowDate" }, first))]).toEqual([
      ["dates.date-3.target", "Close is the close of escrow date already."],
    ]);
    expect(dates.faultsOf(proposal, typed({ "dates.date-2.keep": true, "dates.date-2.target": "timeline" }, first)).size).toBe(0);
  });
});

describe("the description of a listing", () => {
  const proposal = { engine: "rules", listing: "l1", text: "It has 3 bedrooms.", sentences: [], refused: [], facts: { bedrooms: 3, listPriceCents: 39_900_000 } };

  it("is kept as it was written, or as somebody has changed it", () => {
    const described = describedOf({ proposal });
    expect(described && describedAnswer(described, "It has 3 bedrooms.\n")).toBeUndefined();
    expect(described && describedAnswer(described, " Three bedrooms. ")).toEqual({ text: "Three bedrooms." });
    expect(described && factsOf(described).map(({ label, text }) => `${label}: ${text}`)).toEqual(["Bedrooms: 3", "List price: $399,000"]);
    expect(describedOf({ proposal: { text: "only" } })).toBeUndefined();
  });

  it("is shown as far as it is written", () => {
    expect(writtenSoFar({ message: "Describing the listing..." })).toBe("");
    expect(writtenSoFar({ message: "It has 3 bedrooms." })).toBe("It has 3 bedrooms.");
  });
});

it("what waits for somebody of these kinds has a page", () => {
  for (const kind of ["create_from_text", "escrow_timeline", "describe_listing"]) expect(lookOf(kind).page?.({ id: "t1" } as never)).toBe("/tasks/t1");
  expect(lookOf("daily_brief").page).toBeUndefined();
});
