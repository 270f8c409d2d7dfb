/** One list over the records of the client: a predicate, an order, and how far it has been loaded. */

import type { AnyRecord } from "../cache.js";
import { isDocument } from "../merge-patch.js";
import type { Document } from "../merge-patch.js";
import type { Noun } from "../types.js";
import { Order, testsOf } from "./matching.js";
import type { Test } from "./matching.js";

const MANY = 200; // changes at once, from which on sorting anew costs less than putting each in its place

/** As React sees it: another object whenever something is different. */
export interface ListData {
  readonly view: ListView;
  readonly records: readonly AnyRecord[];
  readonly hasMore: boolean;
  readonly more: "idle" | "pending" | { readonly error: Error };
}

export interface Pages {
  readonly items: readonly AnyRecord[];
  readonly cursor: string | undefined;
  readonly pages: number;
}

export class ListView {
  readonly noun: Noun;
  readonly #order: Order;
  readonly #tests: readonly Test[];
  readonly #fields: ReadonlySet<string>;
  readonly #read: (id: string) => AnyRecord | undefined;
  /** As the server has listed them, whatever we would say. */
  readonly #served = new WeakSet<AnyRecord>();
  #records: AnyRecord[] = [];
  #places: string[] = [];
  readonly #placeOf = new Map<string, string>();
  /** Up to where it is loaded; undefined: to its end. */
  #edge: string | undefined;
  cursor: string | undefined;
  pages = 0;
  more: ListData["more"] = "idle";
  constructor(noun: Noun, filters: Document, read: (id: string) => AnyRecord | undefined) {
    this.noun = noun;
    this.#order = new Order(noun, filters.sort as string | undefined);
    this.#tests = testsOf(noun, filters);
    this.#fields = new Set([...this.#order.fields, ...this.#tests.flatMap(({ fields }) => fields)]);
    this.#read = read;
  }

  get data(): ListData {
    return { view: this, records: this.#records, hasMore: this.cursor !== undefined, more: this.more };
  }

  /** The server has listed these. `kept`: all that the client has of the module, in the form that is shown. */
  loaded({ items, cursor, pages }: Pages, confirmed: (id: string) => AnyRecord | undefined, kept: Iterable<AnyRecord>): void {
    for (const { id, version } of items) {
      const record = confirmed(id);
      if (record?.version === version) this.#served.add(record);
    }
    const last = items.at(-1);
    this.cursor = cursor;
    this.pages = pages;
    if (cursor === undefined) this.#edge = undefined;
    else if (last) this.#edge = this.#order.place(last);
    this.rebuild(kept);
  }

  rebuild(kept: Iterable<AnyRecord>): void {
    const entries: [string, AnyRecord][] = [];
    for (const record of kept) {
      const place = this.#place(record);
      if (place !== undefined) entries.push([place, record]);
    }
    entries.sort(([one], [other]) => this.#order.compare(one, other));
    this.#places = entries.map(([place]) => place);
    this.#records = entries.map(([, record]) => record);
    this.#placeOf.clear();
    for (const [place, record] of entries) this.#placeOf.set(record.id, place);
  }

  /** These look different, or are gone. Returns whether the list does, too. */
  apply(ids: ReadonlySet<string>, kept: () => Iterable<AnyRecord>): boolean {
    if (ids.size > MANY) {
      this.rebuild(kept());
      return true;
    }
    let records: AnyRecord[] | undefined;
    for (const id of ids) {
      const record = this.#read(id);
      const [before, after] = [this.#placeOf.get(id), record && this.#place(record)];
      if (before === undefined && after === undefined) continue;
      records ??= [...this.#records];
      if (before !== undefined) {
        const index = this.#index(before);
        if (before === after && record) {
          records[index] = record;
          continue;
        }
        records.splice(index, 1);
        this.#places.splice(index, 1);
        this.#placeOf.delete(id);
      }
      if (record && after !== undefined) {
        const index = this.#index(after);
        records.splice(index, 0, record);
        this.#places.splice(index, 0, after);
        this.#placeOf.set(id, after);
      }
    }
    if (!records) return false;
    this.#records = records;
    return true;
  }

  /** Whether a record of which nothing else is known may belong to it now, and did not before these changes. */
  mayEnter(changes: Document | undefined): boolean {
    if (!changes) return this.#fields.size > 0;
    if (!Object.keys(changes).some((field) => this.#fields.has(field))) return false;
    // Of a map, the changes tell a part.
    const isKnown = (field: string): boolean => field in changes && !isDocument(changes[field]);
    return this.#tests.every((test) => !test.fields.every(isKnown) || test.passes(changes));
  }

  /** How many of these would come, go or move. */
  differences(before: readonly AnyRecord[]): number {
    const known = new Map(before.map((record) => [record.id, record]));
    let count = 0;
    for (const record of this.#records) {
      const other = known.get(record.id);
      known.delete(record.id);
      if (!other || (other !== record && this.#order.place(other) !== this.#order.place(record))) count += 1;
    }
    return count + known.size;
  }

  #place(record: AnyRecord): string | undefined {
    if (!this.#served.has(record) && !this.#tests.every((test) => test.passes(record))) return undefined;
    const place = this.#order.place(record);
    return this.#edge !== undefined && this.#order.compare(place, this.#edge) > 0 ? undefined : place;
  }

  /** Where a place is, or would be. */
  #index(place: string): number {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#order.compare(this.#places[middle] ?? "", place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
