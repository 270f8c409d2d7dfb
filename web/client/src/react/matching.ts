/**
 * Whether a record belongs to a list, and where: the server's filters and orders (docs/lists.md) once more. Pure.
 *
 * A place is a text by which records are sorted, the same that the server sorts by.
 */

import type { AnyRecord } from "../cache.js";
import { listed } from "../listed.js";
import type { Listed } from "../listed.js";
import { isDocument } from "../merge-patch.js";
import type { Document } from "../merge-patch.js";
import type { Noun, QueryOf } from "../types.js";
import { dayBegins, dayEnds } from "./days.js";
import { isFound, folded, words } from "./words.js";

/** What a list is narrowed and sorted by. */
export type Filters<N extends Noun = Noun> = Omit<QueryOf<N>, "limit" | "cursor">;

/** One filter, and the fields that it looks at. */
export interface Test {
  readonly fields: readonly string[];
  passes(record: Document): boolean;
}

const NOTHING = "-"; // what has nothing to be sorted by; no value begins so
const LONGEST_NAME = 40;

export class Order {
  readonly fields: readonly string[];
  readonly #backwards: boolean;
  readonly #partial: boolean;
  readonly #value: ((record: Document) => string) | undefined;

  constructor(noun: Noun, sort = "newest") {
    const { date = "", price = "", name }: Listed = listed[noun];
    const by = sort.replace("-", "");
    this.#partial = by !== "newest" && by !== "changed";
    this.#backwards = !this.#partial || sort !== by;
    this.fields = by === "date" ? [date] : by === "price" ? [price] : by === "name" ? name : [];
    if (by === "changed") this.fields = ["updatedAt"];
    if (by === "newest") return;
    const [field = ""] = this.fields;
    this.#value = (record) => {
      if (by === "name") {
        const whole = name.map((one) => textOf(record[one])).join(" ");
        return Array.from(words(whole).join("-"))
          .slice(0, LONGEST_NAME)
          .join("");
      }
      const value = record[field];
      return typeof value === "number" ? String(value).padStart(14, "0") : textOf(value);
    };
  }

  place(record: AnyRecord): string {
    return this.#value ? `${this.#value(record) || NOTHING}#${record.id}` : record.id;
  }

  /** Of two places. Those without a value come last, whatever the direction. */
  compare(one: string, other: string): number {
    if (one === other) return 0;
    const lacks = one.startsWith(NOTHING);
    if (this.#partial && lacks !== other.startsWith(NOTHING)) return lacks ? 1 : -1;
    return one < other === this.#backwards ? 1 : -1;
  }
}

export function testsOf(noun: Noun, filters: Document): Test[] {
  const about = listed[noun];
  const { from, to, tz = "UTC" } = filters;
  const tests = Object.entries(filters).flatMap(([name, value]) => testOf(noun, name, value) ?? []);
  if (from !== undefined || to !== undefined) tests.push(dates(about, from, to, textOf(tz)));
  return tests;
}

function testOf(noun: Noun, name: string, value: unknown): Test | undefined {
  const { price = "", filters, searched }: Listed = listed[noun];
  const text = String(value);
  switch (name) {
    case "sort":
    case "tz":
    case "from":
    case "to":
    case "deleted":
      return undefined;
    case "status": {
      const statuses = text.split(",");
      return testing("status", (status) => statuses.includes(textOf(status)));
    }
    case "archived":
      return testing("archived", (archived) => (archived === true) === (text === "true"));
    case "owner":
      return testing("ownerId", (owner) => owner === value);
    case "minPriceCents":
      return testing(price, (cents) => typeof cents === "number" && cents >= Number(value));
    case "maxPriceCents":
      return testing(price, (cents) => typeof cents === "number" && cents <= Number(value));
    case "q": {
      const asked = words(text);
      const fields = asked.length > 0 ? searched : [];
      const found = (record: Document): string[] => fields.flatMap((field) => textsOf(record[field]));
      return { fields, passes: (record) => asked.length === 0 || isFound(asked, found(record)) };
    }
    default: {
      const field = filters[name];
      // Of what is not known here, only the server can tell.
      if (field === undefined) return { fields: [], passes: () => false };
      const isId = name.endsWith("Id");
      const alike = (other: string): string => (isId ? other : folded(other) || other.toLowerCase());
      const asked = alike(text);
      return testing(field, (found) => textsOf(found).some((each) => alike(each) === asked));
    }
  }
}

function testing(field: string, passes: (value: unknown) => boolean): Test {
  return { fields: [field], passes: (record) => passes(record[field]) };
}

/** What lasts from one time to another is within if it ends after the first bound and has begun by the second. */
function dates({ date = "", ends }: Listed, from: unknown, to: unknown, zone: string): Test {
  const since = bound(from, ends, (day) => dayBegins(day, zone));
  const until = bound(to, ends, (day) => dayEnds(day, zone));
  return {
    fields: ends === undefined ? [date] : [date, ends],
    passes: (record) => {
      const begins = textOf(record[date]);
      if (begins === "" || (until !== undefined && begins > until)) return false;
      return since === undefined || (ends === undefined ? begins >= since : textOf(record[ends]) > since);
    },
  };
}

/** In the form in which the natural date is stored. */
function bound(value: unknown, ends: string | undefined, moment: (day: string) => number): string | undefined {
  if (value === undefined) return undefined;
  const text = textOf(value);
  if (ends === undefined) return text;
  return new Date(text.includes("T") ? text : moment(text)).toISOString();
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A text, the names of a set, or what the entries of a map hold. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (!isDocument(value)) return [];
  return Object.entries(value).map(([name, entry]) =>
    entry === true ? name : textOf(isDocument(entry) ? entry.value : undefined),
  );
}
