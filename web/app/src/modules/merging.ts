// Three versions of a record become one: what a form began with, what stands in it, what somebody else has saved
// meanwhile. Field by field, also within checklists and the like. Pure; all in the form that crosses the wire.

import { isMap } from "./formValues";
import type { Column, Field } from "./modules";
import { itemTitle } from "./told";

type Wire = Readonly<Record<string, unknown>>;

/** Two people have changed the same. */
export interface Clash {
  readonly path: readonly string[];
  readonly label: string; // "Checklists, Loan, Appraisal, Done"
  readonly field: Field;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

export interface Merged {
  /** What was not touched is theirs; what was, is mine. */
  readonly values: Wire;
  /** What mine is compared with from now on. */
  readonly origin: Wire;
  readonly clashes: readonly Clash[];
  /** The labels of fields that are theirs now. */
  readonly followed: readonly string[];
}

export function mergeThree(fields: readonly Column[], base: Wire, mine: Wire, theirs: Wire): Merged {
  const parts = fields.map(([name, field]) => ({
    name,
    label: field.label,
    ...mergeField(field, { path: [name], label: field.label, base: base[name], mine: mine[name], theirs: theirs[name] }),
  }));
  return {
    values: defined(parts.map(({ name, value }) => [name, value])),
    origin: defined(parts.map(({ name, origin }) => [name, origin])),
    clashes: parts.flatMap(({ clashes }) => clashes),
    followed: parts.filter(({ followed }) => followed).map(({ label }) => label),
  };
}

/** `document` with a value, or without one, at a path. */
export function putAt(document: Wire, [name = "", ...rest]: readonly string[], value: unknown): Wire {
  const before = document[name];
  const after = rest.length > 0 ? putAt(isMap(before) ? before : {}, rest, value) : value;
  return defined([...Object.entries(document).filter(([each]) => each !== name), [name, after]]);
}

export function same(one: unknown, other: unknown): boolean {
  if (!isMap(one) || !isMap(other)) return one === other || (isEmpty(one) && isEmpty(other));
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => same(one[name], other[name]));
}

const isEmpty = (value: unknown): boolean => value === undefined || (isMap(value) && Object.keys(value).length === 0);

interface Three {
  readonly path: readonly string[];
  readonly label: string;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

interface Part {
  readonly value: unknown;
  readonly origin: unknown;
  readonly clashes: readonly Clash[];
  readonly followed: boolean;
}

function mergeField(field: Field, three: Three): Part {
  const { base, mine, theirs } = three;
  if (same(mine, base)) return { value: theirs, origin: theirs, clashes: [], followed: !same(theirs, base) };
  if (same(theirs, base)) return { value: mine, origin: base, clashes: [], followed: false };
  if (same(mine, theirs)) return { value: mine, origin: theirs, clashes: [], followed: false };
  switch (field.type) {
    case "group":
      return mergeParts(three, (name) => field.fields?.[name]);
    case "items":
      return mergeParts(three, () => ({ type: "group", label: "", fields: field.fields ?? {} }));
    case "tags":
    case "ids": // each is there or not: two people cannot want different things of one
      return mergeParts(three, () => ({ type: "boolean", label: "" }));
    default:
      return { value: mine, origin: base, clashes: [{ ...three, field }], followed: false };
  }
}

function mergeParts(three: Three, fieldOf: (name: string) => Field | undefined): Part {
  const [base, mine, theirs] = [three.base, three.mine, three.theirs].map((each) => (isMap(each) ? each : {})) as [Wire, Wire, Wire];
  const parts = [...new Set([...Object.keys(theirs), ...Object.keys(mine), ...Object.keys(base)])].map((name) => {
    const each = { base: base[name], mine: mine[name], theirs: theirs[name] };
    const field = fieldOf(name) ?? { type: "text", label: name };
    const label = [three.label, field.label || itemTitle([each.mine, each.theirs, each.base].find(isMap))].filter(Boolean).join(", ");
    const inner = { ...each, path: [...three.path, name], label };
    // An item that one has removed and the other has changed: there is no half of it.
    const isGone = field.type === "group" && !field.label && (!isMap(each.mine) || !isMap(each.theirs));
    const whole: Field = { type: "list", label: field.label, ...(field.fields ? { fields: field.fields } : {}) };
    return { name, ...mergeField(isGone ? whole : field, inner) };
  });
  return {
    value: defined(parts.map(({ name, value }) => [name, value])),
    origin: defined(parts.map(({ name, origin }) => [name, origin])),
    clashes: parts.flatMap(({ clashes }) => clashes),
    followed: parts.some(({ followed }) => followed),
  };
}

function defined(pairs: readonly (readonly [string, unknown])[]): Wire {
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}
