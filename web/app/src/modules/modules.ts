// What the contract declares of each module, and what follows from that alone: titles, columns, sections.

import { type Field as DeclaredField, type Kind, type Listed, listed, type Module as Declared, modules } from "@openhouse/client/fields";

export interface Field extends DeclaredField {
  readonly labels?: Readonly<Record<string, string>>; // of choices that are ids
}

export interface Module extends Declared {
  readonly noun: string;
  readonly listed: Listed;
}

/** A record as it crosses the wire. Of its own fields only the contract knows the types. */
export interface CrmRecord {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly archived: boolean;
  readonly ownerId: string;
  readonly visibility: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
  readonly can: readonly string[];
  readonly warnings?: readonly { readonly field: string; readonly message: string }[];
  readonly [field: string]: unknown;
}

export interface Page {
  readonly items: readonly CrmRecord[];
  readonly cursor?: string;
}

export interface Stats {
  readonly total: { readonly counts: Readonly<Record<string, number>>; readonly archived: number } & Readonly<
    Record<string, unknown>
  >;
}

/** How many there are, but for archived ones. */
export function totalOf(stats: Stats | undefined): number | undefined {
  return stats && Object.values(stats.total.counts).reduce((sum, count) => sum + count, 0);
}

export type Column = readonly [name: string, field: Field];

const NOUNS = Object.keys(modules) as (keyof typeof modules)[];
export const MODULES: readonly Module[] = NOUNS.map((noun) => ({ noun, listed: listed[noun], ...modules[noun] }));

export function moduleAt(path: string): Module {
  const found = MODULES.find((module) => module.path === path);
  if (!found) throw new Error(`There is no module ${path}.`);
  return found;
}

export function moduleOf(noun: string): Module | undefined {
  return MODULES.find((module) => module.noun === noun);
}

// What every record has; the rest are the module's own.
const SHARED: ReadonlySet<string> = new Set([
  "id",
  "version",
  "room",
  "visibility",
  "teamId",
  "ownerId",
  "takenOver",
  "archived",
  "createdAt",
  "createdBy",
  "updatedAt",
  "updatedBy",
  "status",
]);

export function ownFields(module: Module): readonly Column[] {
  return Object.entries(module.fields).filter(([name]) => !SHARED.has(name));
}

/** The text that names a record: its required one, or a person's name, or whatever text it has first. */
export function titleOf(module: Module, record: CrmRecord): string {
  const own = ownFields(module);
  const required = own.find(([, field]) => field.type === "text" && field.required)?.[0];
  const text = (name: string | undefined) => (name && typeof record[name] === "string" ? record[name] : "");
  const person = [text("firstName"), text("lastName")].filter(Boolean).join(" ");
  return (
    text(required) ||
    person ||
    text("company") ||
    text("email") ||
    text(own.find(([name]) => text(name))?.[0]) ||
    `${module.noun} ${record.id.slice(0, 8)}`
  );
}

/** What stands over titles. */
export function titleLabel(module: Module): string {
  return ownFields(module).find(([, field]) => field.type === "text" && field.required)?.[1].label ?? "Name";
}

/** What the title of a record is made of: no column of its own. */
function titleFields(module: Module): ReadonlySet<string> {
  const required = ownFields(module).find(([, field]) => field.type === "text" && field.required)?.[0];
  return new Set(required ? [required] : ["firstName", "lastName"].filter((name) => name in module.fields));
}

// How many columns of a kind a list shows at most; what is not here is on the record's own page.
const SHOWN: Partial<Record<Kind, number>> = {
  money: 1,
  date: 1,
  moment: 1,
  choice: 1,
  whole: 1,
  count: 1,
  quarters: 1,
  phone: 1,
  email: 1,
  text: 2,
  tags: 1,
};
const MOST = 6;

/** The columns between the title and the time of the last change. */
export function columnsOf(module: Module): readonly Column[] {
  const left = { ...SHOWN };
  const taken = titleFields(module);
  const found = ownFields(module).filter(([name, field]) => {
    if (taken.has(name) || name === module.number || name === "country") return false;
    if (field.type === "date" && module.listed.date && name !== module.listed.date) return false;
    const rest = left[field.type] ?? 0;
    left[field.type] = rest - 1;
    return rest > 0;
  });
  return found.slice(0, MOST);
}

export const isNumber = (field: Field): boolean =>
  ["money", "percent", "quarters", "whole", "count", "number", "coordinate"].includes(field.type);

interface Section {
  readonly title: string;
  readonly fields: readonly Column[];
}

/** How a form and a page group the fields: facts, dates, money, links, text, what holds several. */
export function sectionsOf(module: Module): readonly Section[] {
  const groups: Record<string, Column[]> = {
    Details: [],
    Money: [],
    Dates: [],
    "Linked to": [],
    Notes: [],
  };
  const several: Section[] = [];
  for (const column of ownFields(module)) {
    const [name, field] = column;
    if (name === module.number) continue; // it stands by itself
    if (field.type === "items" || field.type === "group" || field.type === "files") several.push({ title: field.label, fields: [column] });
    else groups[sectionFor(field)]?.push(column);
  }
  const filled = Object.entries(groups).filter(([, fields]) => fields.length > 0);
  return [...filled.map(([title, fields]) => ({ title, fields })), ...several];
}

function sectionFor(field: Field): string {
  switch (field.type) {
    case "money":
    case "percent":
      return "Money";
    case "date":
    case "moment":
    case "timeZone":
      return "Dates";
    case "id":
    case "ids":
      return "Linked to";
    case "longText":
    case "tags":
      return "Notes";
    default:
      return "Details";
  }
}

/** Whether a person may choose this status now. A final one is left by reopening alone. */
export function nextStatuses(module: Module, status: string): readonly string[] {
  const next = module.transitions[status] ?? [];
  return next.filter((each) => each !== module.converts?.status);
}
