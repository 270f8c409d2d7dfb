// The dates of an agreement: what is proposed, the form of it, and what is sent of that. Pure.

import type { Task } from "@openhouse/client";
import { ESCROWS } from "../escrows/escrow";
import { type FormValues, isMap, toForm } from "../modules/formValues";
import type { Column, Field } from "../modules/modules";
import type { Place } from "./source";

export interface KeyDate {
  readonly key: string;
  readonly label: string;
  readonly title: string;
  readonly day: string;
  /** The words that say it, and the sentence around them. */
  readonly span: Place;
  readonly sentence: Place;
  /** "17 calendar days after acceptance", from the day that stands at the anchor; null if the text names the day itself. */
  readonly counted: string | null;
  readonly anchor: Place | null;
  readonly notes: readonly string[];
  /** The field of the escrow, or its timeline; null where somebody has to choose. */
  readonly target: string | null;
}

interface OpenTerm {
  readonly label: string;
  readonly title: string;
  readonly sentence: Place;
  readonly reason: string;
}

export interface Dates {
  readonly engine: string;
  readonly escrow: string;
  readonly dates: readonly KeyDate[];
  readonly unresolved: readonly OpenTerm[];
  readonly notice: string;
  readonly text?: string;
}

export function datesOf({ proposal }: Pick<Task, "proposal">): Dates | undefined {
  return proposal && Array.isArray(proposal["dates"]) && Array.isArray(proposal["unresolved"]) ? (proposal as unknown as Dates) : undefined;
}

export const TIMELINE = "timeline";
const TARGETS = ["openedDate", "contingencyRemovalDate", "closeOfEscrowDate", "actualCloseDate", TIMELINE] as const;

export const targetLabel = (target: string): string => ESCROWS.fields[target]?.label ?? target;

/** A name that no form takes for a place in a list. */
export const datePath = ({ key }: Pick<KeyDate, "key">, name: string): string => `dates.date-${key}.${name}`;

export const DATE_FIELDS: readonly Column[] = [
  ["keep", { type: "boolean", label: "Keep it" }],
  ["title", { type: "text", label: "Called", required: true, maxLength: 300 }],
  ["day", { type: "date", label: "Day", required: true }],
  ["target", { type: "choice", label: "Kept as", choices: TARGETS, labels: Object.fromEntries(TARGETS.map((each) => [each, targetLabel(each)])) }],
];

const GROUP: Field = { type: "group", label: "", fields: Object.fromEntries(DATE_FIELDS) };

export function columnsOf({ dates }: Dates): readonly Column[] {
  return [
    ["dates", { type: "group", label: "", fields: Object.fromEntries(dates.map(({ key }) => [`date-${key}`, GROUP])) }],
    ["appointments", { type: "boolean", label: "Also make appointments of what is on the timeline and still to come" }],
  ];
}

export function firstValues(proposal: Dates, columns: readonly Column[]): FormValues {
  const rows = proposal.dates.map(({ key, title, day, target }) => [`date-${key}`, { keep: target !== null, title, day, target: target ?? "" }]);
  return toForm(columns, { dates: Object.fromEntries(rows) as object, appointments: false });
}

interface Row {
  readonly keep: boolean;
  readonly title: string;
  readonly day: string;
  readonly target: string;
}

function rowOf(values: FormValues, { key }: Pick<KeyDate, "key">): Row {
  const rows = values["dates"];
  const row = isMap(rows) ? rows[`date-${key}`] : undefined;
  const { keep = false, title = "", day = "", target = "" } = (isMap(row) ? row : {}) as Partial<Row>;
  return { keep, title, day, target };
}

export const keptOf = ({ dates }: Dates, values: FormValues): readonly KeyDate[] => dates.filter((date) => rowOf(values, date).keep);

/** What keeps it from being sent, by the path of the field. */
export function faultsOf(proposal: Dates, values: FormValues): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const date of keptOf(proposal, values)) {
    const { target, title } = rowOf(values, date);
    const first = taken.get(target);
    if (target === "") faults.set(datePath(date, "target"), "Choose where it is kept.");
    else if (target !== TIMELINE && first !== undefined) faults.set(datePath(date, "target"), `${first} is the ${targetLabel(target).toLowerCase()} already.`);
    else taken.set(target, title);
  }
  return faults;
}

export function answerOf(proposal: Dates, values: FormValues): object {
  const dates = keptOf(proposal, values).map((date) => {
    const { day, title, target } = rowOf(values, date);
    return { key: date.key, day, title: title.trim(), target };
  });
  return { dates, appointments: values["appointments"] === true };
}

/** The path in the form of what the server says is wrong; "" if it is about no field of it. */
export function pathOf(proposal: Dates, values: FormValues, field: string): string {
  const [, part, number = "", name = ""] = field.split(".");
  const date = number === "" ? undefined : keptOf(proposal, values)[Number(number)];
  return part === "dates" && date && DATE_FIELDS.some(([each]) => each === name) ? datePath(date, name) : "";
}

export function placesOf({ dates, unresolved }: Dates): readonly (readonly [name: string, place: Place])[] {
  return [
    ...dates.flatMap((date): [string, Place][] => [
      [datePath(date, "day"), date.span],
      ...(date.anchor ? [[datePath(date, "day"), date.anchor] as [string, Place]] : []),
    ]),
    ...unresolved.map(({ sentence }, number): [string, Place] => [`unresolved.${number}`, sentence]),
  ];
}
