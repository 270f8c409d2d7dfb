// What somebody corrects of a proposal before it is planned anew. Pure.

import type { Choice, Column, Duplicates, Proposal, Target } from "./proposal";
import { labelOf, moduleNamed, takesSeveral } from "./proposal";

/** Only what is otherwise than in the proposal. `columns`: by their place; null takes back what was said before. */
export interface Corrections {
  readonly columns: Readonly<Record<string, Choice | null>>;
  readonly constants?: Readonly<Record<string, unknown>>;
  readonly duplicates?: Duplicates;
  readonly update?: "empty" | "all";
  readonly ownerId?: string;
  readonly header?: boolean;
  /** What else is made of the rows. */
  readonly linked?: readonly string[];
}

export const NONE: Corrections = { columns: {} };

/** What was said of a column; undefined if it is as its values show. */
export function choiceOf(proposal: Proposal, { columns }: Corrections, place: number): Choice | undefined {
  const said = columns[place];
  return said === null ? undefined : (said ?? proposal.columns[place]?.choice);
}

/** What a column will be: null is left out, undefined waits for a decision. */
export function targetOf(column: Column, choice: Choice | undefined): string | null | undefined {
  if (choice) return choice.target;
  return column.target ?? (column.confidence === "suggested" ? undefined : null);
}

/** `target` undefined: as its values show, nothing is said of it any more. */
export function aimed(corrections: Corrections, proposal: Proposal, place: number, target: string | null | undefined): Corrections {
  const column = proposal.columns[place];
  if (target === undefined) return withChoice(corrections, proposal, place, null);
  const before = choiceOf(proposal, corrections, place);
  // What was said of its values holds for what they were taken for.
  const same = (before?.target ?? column?.target) === target;
  return withChoice(corrections, proposal, place, { target, reading: same ? (before?.reading ?? {}) : {}, words: same ? (before?.words ?? {}) : {} });
}

export function read(corrections: Corrections, proposal: Proposal, place: number, reading: Choice["reading"]): Corrections {
  const before = begun(corrections, proposal, place);
  return withChoice(corrections, proposal, place, { ...before, reading: { ...before.reading, ...reading } });
}

/** `meant`: a choice, null for none; undefined waits for a decision again. */
export function meant(corrections: Corrections, proposal: Proposal, place: number, word: string, choice: string | null | undefined): Corrections {
  const before = begun(corrections, proposal, place);
  const { [word]: _, ...others } = before.words;
  return withChoice(corrections, proposal, place, { ...before, words: choice === undefined ? others : { ...others, [word]: choice } });
}

function begun(corrections: Corrections, proposal: Proposal, place: number): Choice {
  return choiceOf(proposal, corrections, place) ?? { target: proposal.columns[place]?.target ?? null, reading: {}, words: {} };
}

function withChoice(corrections: Corrections, proposal: Proposal, place: number, choice: Choice | null): Corrections {
  const { [place]: _, ...others } = corrections.columns;
  const before = proposal.columns[place]?.choice ?? null;
  const columns = JSON.stringify(before) === JSON.stringify(choice) ? others : { ...others, [place]: choice };
  return { ...corrections, columns };
}

export function linkedOf({ linked }: Proposal, corrections: Corrections): readonly string[] {
  return corrections.linked ?? linked.filter(({ chosen }) => chosen).map(({ name }) => name);
}

/** In the order in which they are proposed. */
export function withLinked(corrections: Corrections, proposal: Proposal, name: string, isWanted: boolean): Corrections {
  const before = linkedOf(proposal, corrections);
  return { ...corrections, linked: proposal.linked.flatMap((each) => ((each.name === name ? isWanted : before.includes(each.name)) ? [each.name] : [])) };
}

export function isChanged({ columns, constants, linked, ...others }: Corrections, proposal: Proposal): boolean {
  if (Object.keys(columns).length > 0) return true;
  if (constants && JSON.stringify(filled(constants)) !== JSON.stringify(filled(proposal.constants))) return true;
  if (linked && linked.join(" ") !== linkedOf(proposal, NONE).join(" ")) return true;
  return Object.entries(others).some(([name, value]) => value !== undefined && value !== proposal[name as keyof Proposal]);
}

/** Of fields that are the same in all rows, those of which something is said. */
function filled(constants: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(constants).filter(([, value]) => value !== ""));
}

/** As the server takes it: all that is said of columns, what was said before among it, and what of that is taken back. */
export function answerOf(corrections: Corrections, proposal: Proposal): object {
  const { columns: said, constants, ...others } = corrections;
  const chosen = proposal.columns.flatMap((_column, place) => {
    const choice = choiceOf(proposal, corrections, place);
    return choice || said[place] === null ? [[String(place), choice ?? null] as const] : [];
  });
  // Which line names the columns says what columns there are: what was said of others means nothing then.
  const columns = corrections.header === undefined || corrections.header === proposal.header ? Object.fromEntries(chosen) : {};
  return { ...others, ...(constants && { constants: filled(constants) }), columns };
}

/** Why it cannot be so; undefined if it can. By the place of the column that was the second to be it. */
export function clashesOf(proposal: Proposal, corrections: Corrections): ReadonlyMap<number, string> {
  const targets = new Map(proposal.targets.map((target) => [target.name, target]));
  const taken = new Map<string, string>();
  const clashes = new Map<number, string>();
  for (const [place, { name }] of proposal.columns.entries()) {
    const choice = choiceOf(proposal, corrections, place);
    const target: Target | undefined = targets.get(choice?.target ?? "");
    if (!target || takesSeveral(target)) continue;
    const first = taken.get(target.name);
    if (first !== undefined) clashes.set(place, `${first} is ${labelOf(moduleNamed(proposal), target.name)} already.`);
    else taken.set(target.name, nameOf(name, place));
  }
  return clashes;
}

export const nameOf = (name: string, place: number): string => name.trim() || `Column ${place + 1}`;

export interface Word {
  readonly word: string;
  /** What it will mean: null leaves the field empty, undefined waits for a decision. */
  readonly meant: string | null | undefined;
  readonly isKnown: boolean;
}

/** The words of a column that stands for a vocabulary. */
export function wordsOf(column: Column, choice: Choice | undefined): readonly Word[] {
  const { words: shown } = column.reading;
  if (typeof shown !== "object" || shown === null) return [];
  const before = column.choice?.words ?? {};
  const now = choice?.words ?? {};
  return Object.entries(shown as Record<string, string | null>).map(([word, usual]) => {
    const evident = word in before ? undefined : (usual ?? undefined);
    return { word, isKnown: evident !== undefined, meant: word in now ? now[word] : evident };
  });
}

/** How many words of all columns wait for a decision. */
export function undecidedWords(proposal: Proposal, corrections: Corrections): number {
  return proposal.columns.reduce((sum, column, place) => {
    const choice = choiceOf(proposal, corrections, place);
    const isRead = targetOf(column, choice) === column.target && column.target !== null;
    return sum + (isRead ? wordsOf(column, choice).filter((word) => word.meant === undefined).length : 0);
  }, 0);
}

export type Group = "decide" | "sure" | "out";

/** Where a column stands, which it keeps while somebody corrects it. */
export function groupOf(column: Column): Group {
  const target = targetOf(column, column.choice);
  if (target === undefined) return "decide";
  if (target === null) return "out";
  const waits = wordsOf(column, column.choice).some((word) => word.meant === undefined);
  return waits || questionsOf(column).some(({ waits: isOpen }) => isOpen) || column.remark !== "" ? "decide" : "sure";
}

interface Question {
  readonly name: string; // in the reading
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
  /** It cannot be seen from the values alone. */
  readonly waits: boolean;
}

const ORDERS = [
  ["mdy", "Month / day / year"],
  ["dmy", "Day / month / year"],
] as const;
const SIGNS = [
  [".", "1,234.56"],
  [",", "1.234,56"],
] as const;
const SCALES = [
  ["percent", "2.5 is 2.5%"],
  ["fraction", "0.025 is 2.5%"],
] as const;
const UNITS = [
  ["sqft", "Square feet"],
  ["acres", "Acres"],
  ["sqm", "Square meters"],
] as const;

/** How its values are read, where that may be otherwise. */
export function questionsOf({ reading, choice }: Column, corrected: Choice | undefined = choice): readonly Question[] {
  const of = (name: string, label: string, choices: Question["choices"], shown: unknown): Question => {
    const value = String(corrected?.reading[name] ?? shown ?? "");
    const isChosen = corrected?.reading[name] !== undefined;
    const waits = !isChosen && (!choices.some(([each]) => each === value) || (name === "order" && reading["assumed"] === true));
    return { name, label, value, choices, waits };
  };
  const found: Question[] = [];
  const order = reading["order"];
  if (order !== undefined && order !== "serial") found.push(of("order", "Dates are", ORDERS, order));
  if (reading["decimalSign"] !== undefined && reading["decimalSign"] !== "") found.push(of("decimalSign", "Numbers are", SIGNS, reading["decimalSign"]));
  if (reading["scale"] !== undefined) found.push(of("scale", "Percents are", SCALES, reading["scale"]));
  if (isArea(reading)) found.push(of("unit", "Areas are in", UNITS, reading["unit"]));
  return found;
}

/** Amounts of money have a currency beside their unit. */
const isArea = ({ unit, bare }: Column["reading"]): boolean => unit !== undefined && bare === undefined;
