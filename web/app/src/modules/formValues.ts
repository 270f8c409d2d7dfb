// Between what stands in a form, all text as it is typed, and what crosses the wire.

import { ownZone } from "../ownZone";
import { momentAt, wallClock } from "../zones";
import type { Column, Field } from "./modules";

/** `items` as an array, in their order; a `group` as an object of such arrays; flags as booleans; all else as text. */
export type FormValue = string | boolean | readonly string[] | FormItem[] | { [name: string]: FormValue };
export type FormValues = { [name: string]: FormValue };
export interface FormItem {
  key: string; // under which it stands in the map
  [name: string]: FormValue;
}

type Fields = readonly Column[];
type Wire = Record<string, unknown>;

export const isMap = (value: unknown): value is Wire =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function toForm(fields: Fields, record: Wire): FormValues {
  return Object.fromEntries(fields.map(([name, field]) => [name, formValue(field, record[name])]));
}

function formValue(field: Field, value: unknown): FormValue {
  const inner = Object.entries(field.fields ?? {});
  switch (field.type) {
    case "boolean":
      return value === true;
    case "money":
      return typeof value === "number" ? amount.format(value / 100).replace(/\.00$/, "") : typeof value === "string" ? value : "";
    case "moment":
      return typeof value !== "string" ? "" : Number.isNaN(Date.parse(value)) ? value : wallClock(new Date(value), ownZone());
    case "tags":
      return isMap(value) ? Object.keys(value).join(", ") : "";
    case "ids":
      return isMap(value) ? Object.keys(value) : [];
    case "items":
      return Object.entries(isMap(value) ? value : {})
        .toSorted(([, one], [, other]) => (placeOf(one) < placeOf(other) ? -1 : 1))
        .map(([key, item]) => ({ ...toForm(inner, isMap(item) ? item : {}), key }));
    case "group":
      return toForm(inner, isMap(value) ? value : {});
    default:
      return value === undefined || value === null ? "" : String(value);
  }
}

const amount = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const placeOf = (item: unknown): string => (isMap(item) && typeof item["position"] === "string" ? item["position"] : "~");

/** Without what is empty. What cannot be read goes as it was typed: the server says what is wrong with it. */
export function toWire(fields: Fields, values: FormValues): Wire {
  const pairs = fields.map(([name, field]) => [name, wireValue(field, values[name])] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function wireValue(field: Field, value: FormValue | undefined): unknown {
  if (typeof value === "boolean") return value;
  const inner = Object.entries(field.fields ?? {});
  if (Array.isArray(value)) {
    if (field.type === "ids") return Object.fromEntries(value.map((id) => [String(id), true]));
    const items = value;
    return Object.fromEntries(items.map((item) => [item.key, toWire(inner, item)]));
  }
  if (isMap(value)) return toWire(inner, value);
  const text = typeof value === "string" ? value.trim() : "";
  if (field.type === "tags") return Object.fromEntries(text.split(",").flatMap((tag) => (tag.trim() ? [[tag.trim(), true]] : [])));
  if (text === "") return undefined;
  switch (field.type) {
    case "money":
      return numberOr(text, (dollars) => Math.round(dollars * 100));
    case "percent":
    case "quarters":
    case "whole":
    case "count":
    case "number":
    case "coordinate":
      return numberOr(text, (read) => read);
    case "moment":
      return momentText(text);
    default:
      return text;
  }
}

/** `$425,000.50` and `2.5 %` are numbers as people write them. */
function numberOr(text: string, made: (read: number) => number): number | string {
  const plain = text.replaceAll(/[$,%\s]/g, "");
  const read = Number(plain);
  return plain === "" || !Number.isFinite(read) ? text : made(read);
}

/** The merge patch (RFC 7396) that makes `after` of `before`. */
export function patchOf(before: Wire, after: Wire): Wire {
  const patch: Wire = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    if (isMap(was) && isMap(is)) {
      const inner = patchOf(was, is);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (was !== is) patch[name] = is ?? null;
  }
  return patch;
}

/** What a field of day and time holds is by the clocks of the person's zone. */
function momentText(text: string): string {
  const moment = momentAt(text, ownZone());
  return Number.isNaN(moment.getTime()) ? text : moment.toISOString();
}
