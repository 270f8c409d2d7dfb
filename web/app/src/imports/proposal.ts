// What an import proposes, as the server tells it, and what that is called. Pure.

import type { Task } from "@openhouse/client";
import { type Column as Known, type CrmRecord, type Module, moduleOf, ownFields } from "../modules/modules";
import { listed, plural, words } from "../ui/words";

/** What somebody has said of a column. `target` null: it is left out. `words`: what words mean; null leaves the field empty. */
export interface Choice {
  readonly target: string | null;
  readonly reading: Readonly<Record<string, unknown>>;
  readonly words: Readonly<Record<string, string | null>>;
}

export interface Column {
  readonly name: string;
  readonly confidence: "sure" | "suggested" | "unknown";
  readonly target: string | null;
  /** What else it may be, likeliest first. */
  readonly candidates: readonly string[];
  readonly samples: readonly string[];
  /** How its values are read as the target. */
  readonly reading: Readonly<Record<string, unknown>>;
  readonly remark: string;
  readonly choice?: Choice;
}

export interface Target {
  readonly name: string;
  readonly kind: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
}

export type Duplicates = "skip" | "update" | "create";

export interface Proposal {
  readonly file: { readonly id: string; readonly name: string };
  readonly module: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly targets: readonly Target[];
  /** Required fields that nothing fills. */
  readonly missing: readonly string[];
  /** Why what was chosen cannot be; "" if it can. */
  readonly refused: string;
  /** Whether the first line names the columns. */
  readonly header: boolean;
  readonly constants: Readonly<Record<string, unknown>>;
  readonly duplicates: Duplicates;
  readonly update: "empty" | "all";
  readonly ownerId: string;
  readonly counts: Readonly<Record<"create" | "update" | "skip" | "reject" | "warned" | "duplicate" | "same", number>>;
  readonly linked: readonly Linked[];
  readonly examples: readonly Readonly<Record<string, unknown>>[];
  readonly remarks: readonly Remark[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** Records of another module that the rows tell of, too. `create`: how many of its noun are made beside the rows' own. */
export interface Linked {
  readonly name: string;
  readonly noun: string;
  readonly columns: readonly string[];
  readonly chosen: boolean;
  readonly create: number;
}

/** Of a row, by its line in the file, that somebody should look at. */
interface Remark {
  readonly line: number;
  readonly what: "create" | "update" | "skip" | "reject";
  readonly why: string;
}

export function proposalOf({ proposal }: Pick<Task, "proposal">): Proposal | undefined {
  return proposal && Array.isArray(proposal["columns"]) ? (proposal as unknown as Proposal) : undefined;
}

const PARTS: Readonly<Record<string, string>> = {
  fullName: "Full name",
  place: "City, state and ZIP code",
  price: "Price (sold for, or asked)",
  owner: "Owner (a name or an e-mail address)",
};

/** As people call it: "Bathrooms: half". */
export function labelOf(module: Module | undefined, name: string): string {
  const [field = name, part] = name.split(".");
  const label = module?.fields[field]?.label ?? PARTS[field] ?? words(field);
  return part ? `${label}: ${words(part).toLowerCase()}` : label;
}

/** Columns can be kept under it as text, each with its name. */
export const noteTarget = (targets: readonly Target[]): string | undefined => (targets.find(({ name }) => name === "notes") ?? targets.find(({ kind }) => kind === "longText"))?.name;

const SEVERAL: ReadonlySet<string> = new Set(["phone", "email", "label", "tags", "longText"]);
const IN_TURN: ReadonlySet<string> = new Set(["propertyType", "lotSizeSqft"]);

/** Whether several columns can be it. */
export const takesSeveral = ({ name, kind }: Target): boolean => SEVERAL.has(kind) || IN_TURN.has(name);

const REMARKS = { create: "To be looked at", update: "To be looked at", skip: "Skipped", reject: "Rejected" } as const;

export const remarkWord = ({ what }: Remark): string => REMARKS[what];

const MOST_FACTS = 8;

/** What a first record would say, beside its name. */
export function factsOf(module: Module, document: Readonly<Record<string, unknown>>): readonly Known[] {
  const known: readonly Known[] = [...Object.entries(module.fields).filter(([name]) => name === "status"), ...ownFields(module)];
  return known.filter(([name]) => document[name] !== undefined && document[name] !== null).slice(0, MOST_FACTS);
}

export const asRecord = (document: Readonly<Record<string, unknown>>): CrmRecord => ({ id: "", ...document }) as unknown as CrmRecord;

/** "and 3 clients and 2 listings beside them"; "" if none. */
export function besideText({ linked }: Pick<Proposal, "linked">): string {
  const counts = new Map(linked.filter(({ chosen }) => chosen).map(({ noun, create }) => [noun, create]));
  const parts = [...counts].flatMap(([noun, count]) => (count > 0 ? plural(count, noun, moduleOf(noun)?.path) : []));
  return parts.length > 0 ? `and ${listed(parts)} beside them` : "";
}

export const moduleNamed = ({ module }: Pick<Proposal, "module">): Module | undefined => moduleOf(module);

/** "Import 10 clients", "Update 2 clients", "Import 10 and update 2 clients" */
export function goText({ counts: { create, update } }: Proposal, module: Module): string {
  const called = (count: number) => (count === 1 ? module.noun : module.path);
  if (create > 0 && update > 0) return `Import ${create.toLocaleString()} and update ${update.toLocaleString()} ${called(update)}`;
  if (update > 0) return `Update ${update.toLocaleString()} ${called(update)}`;
  return create > 0 ? `Import ${create.toLocaleString()} ${called(create)}` : "Import";
}
