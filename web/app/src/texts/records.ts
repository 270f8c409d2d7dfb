// Records that a text is about: what is proposed, the form of it, and what is sent of what somebody has made of that. Pure.

import type { Task } from "@openhouse/client";
import { type FormValues, isMap, patchOf, toForm, toWire } from "../modules/formValues";
import { type Column, type CrmRecord, type Field, type Module, moduleOf, ownFields, titleOf } from "../modules/modules";
import { ownZone } from "../ownZone";
import { sentence } from "../ui/words";
import { dayOfWhole, endFollows, isWholeDay, wholeDayMoved } from "./days";
import { isPlace, type Place } from "./source";

type Wire = Readonly<Record<string, unknown>>;

export interface Found extends Place {
  readonly value: unknown;
  /** What more than the words has decided. */
  readonly note?: string;
}

export interface Proposed {
  readonly ref: string; // "client-2"
  readonly noun: string;
  readonly fields: Readonly<Record<string, Found>>;
  /** Fields that name other records, by their `ref`: of one, or of several as a map. */
  readonly links: Readonly<Record<string, string | Readonly<Record<string, true>>>>;
  /** What it needs and the text does not say. */
  readonly missing: readonly string[];
  /** Records that are there, and may be the same. */
  readonly alike: readonly { readonly id: string; readonly name: string }[];
}

interface Warned extends Partial<Place> {
  readonly message: string;
}

export interface FromText {
  readonly engine: string;
  readonly records: readonly Proposed[];
  readonly warnings: readonly Warned[];
  readonly needsTeam: boolean;
  readonly text?: string; // unless it is too long to be told
}

export function fromTextOf({ proposal }: Pick<Task, "proposal">): FromText | undefined {
  return proposal && Array.isArray(proposal["records"]) && Array.isArray(proposal["warnings"]) ? (proposal as unknown as FromText) : undefined;
}

const valuesOf = ({ fields }: Proposed): Wire => Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value]));

/** "123 Main St" */
export function nameOf(record: Proposed): string {
  const module = moduleOf(record.noun);
  return module ? titleOf(module, { id: "", ...valuesOf(record) } as unknown as CrmRecord) : record.ref;
}

/** Where in the form each is. */
export const fieldPath = ({ ref }: Proposed, field: string): string => `fields.${ref}.${field}`;

export const NEW = "new"; // of `use`: none of those that are there

const isSimple = ({ type, assigned }: Field): boolean => !assigned && !["items", "group", "files", "id", "ids", "list", "position"].includes(type);

/** All that may be typed of a record, in the module's order. */
export function fieldsOf(record: Proposed): readonly Column[] {
  const module = moduleOf(record.noun);
  if (!module) return [];
  const fields = ownFields(module).filter(([, field]) => isSimple(field));
  if (!isWholeDay(valuesOf(record))) return fields;
  return fields.flatMap(([name, field]): Column[] => {
    if (name === "startsAt") return [[name, { ...field, type: "date", label: "Day" }]];
    return name === "endsAt" || name === "allDay" || name === "timeZone" ? [] : [[name, field]];
  });
}

/** Whether it is shown at once: what the text says, and what has to be said. */
export const isAtHand = (record: Proposed, name: string): boolean => name in record.fields || record.missing.includes(name);

/** "Link to client Ana Ruiz": the path of each, below `links`. */
export interface Link {
  readonly record: Proposed;
  readonly field: string;
  readonly to: Proposed;
}

export function linksOf(records: readonly Proposed[], record: Proposed): readonly Link[] {
  return Object.entries(record.links).flatMap(([field, refs]) =>
    (typeof refs === "string" ? [refs] : Object.keys(refs)).flatMap((ref) => {
      const to = records.find((each) => each.ref === ref);
      return to ? { record, field, to } : [];
    }),
  );
}

const group = (fields: readonly Column[]): Field => ({ type: "group", label: "", fields: Object.fromEntries(fields) });
const flag = (label: string): Field => ({ type: "boolean", label });

/** The whole form: `take`, `use`, `links` and `fields` of each record by its ref, and where all of them go. */
export function columnsOf({ records }: FromText, place: readonly Column[]): readonly Column[] {
  const each = (made: (record: Proposed) => Field): Field => group(records.map((record) => [record.ref, made(record)]));
  return [
    ["take", each(({ noun }) => flag(`Create this ${noun}`))],
    ["use", each(useField)],
    ["links", each((record) => group(linksOf(records, record).map(({ to }) => [to.ref, flag(nameOf(to))])))],
    ["fields", each((record) => group(fieldsOf(record)))],
    ...place,
  ];
}

export function useField({ noun, alike }: Proposed): Field {
  return {
    type: "choice",
    label: `This ${noun} is`,
    required: true,
    choices: [NEW, ...alike.map(({ id }) => id)],
    labels: { [NEW]: `A new ${noun}`, ...Object.fromEntries(alike.map(({ id, name }) => [id, `${name} (here already)`])) },
  };
}

/** What stands in it at first. */
export function firstValues(proposal: FromText, columns: readonly Column[], place: Wire): FormValues {
  const { records } = proposal;
  const each = (made: (record: Proposed) => unknown): Wire => Object.fromEntries(records.map((record) => [record.ref, made(record)]));
  return toForm(columns, {
    take: each(() => true),
    use: each(() => NEW),
    links: each((record) => Object.fromEntries(linksOf(records, record).map(({ to }) => [to.ref, true]))),
    fields: each((record) => {
      const values = valuesOf(record);
      return isWholeDay(values) ? { ...values, startsAt: dayOfWhole(values, ownZone()) } : values;
    }),
    ...place,
  });
}

const at = (values: FormValues, name: string, ref: string): unknown => {
  const part = values[name];
  return isMap(part) ? part[ref] : undefined;
};

export const isTaken = (values: FormValues, { ref }: Proposed): boolean => at(values, "take", ref) === true;

/** The id of the record that is there and stands for it. */
function usedInstead(values: FormValues, { ref }: Proposed): string | undefined {
  const use = at(values, "use", ref);
  return typeof use === "string" && use !== NEW && use !== "" ? use : undefined;
}

/** How many would be made. */
export function countOf({ records }: FromText, values: FormValues): number {
  return records.filter((record) => isTaken(values, record) && usedInstead(values, record) === undefined).length;
}

interface Answer {
  readonly records: readonly { readonly ref: string; readonly use?: string; readonly fields?: Wire }[];
  readonly visibility?: string;
  readonly teamId?: string;
}

/** As the server takes it: of each record that is wanted what is otherwise than it was proposed. */
export function answerOf(proposal: FromText, first: FormValues, values: FormValues): Answer {
  const { records } = proposal;
  const { visibility, teamId } = values;
  return {
    records: records
      .filter((record) => isTaken(values, record))
      .map((record) => {
        const use = usedInstead(values, record);
        return use ? { ref: record.ref, use } : { ref: record.ref, fields: { ...typedPatch(record, first, values), ...unlinked(records, record, values) } };
      }),
    ...(typeof visibility === "string" && visibility && { visibility }),
    ...(visibility === "team" && typeof teamId === "string" && teamId && { teamId }),
  };
}

function typedPatch(record: Proposed, first: FormValues, values: FormValues): Wire {
  const fields = fieldsOf(record);
  const [before, typed] = [first, values].map((each) => (at(each, "fields", record.ref) ?? {}) as FormValues) as [FormValues, FormValues];
  const known = valuesOf(record);
  if (!isWholeDay(known)) return patchOf(toWire(fields, before), toWire(fields, endFollows(before, typed)));
  const { startsAt: day, ...rest } = patchOf(toWire(fields, before), toWire(fields, typed));
  if (day === undefined) return rest;
  return { ...rest, ...(typeof day === "string" ? wholeDayMoved(known, day, ownZone()) : { startsAt: day }) };
}

/** Links to what is there no more go by themselves; these are such as somebody has taken away. */
function unlinked(records: readonly Proposed[], record: Proposed, values: FormValues): Wire {
  const links = at(values, "links", record.ref);
  const patch: Record<string, unknown> = {};
  for (const { field, to } of linksOf(records, record)) {
    if (!isMap(links) || links[to.ref] !== false) continue;
    const several = typeof record.links[field] !== "string";
    patch[field] = several ? { ...(patch[field] as object | undefined), [to.ref]: null } : null;
  }
  return patch;
}

export interface Fault {
  readonly path: string; // in the form; "" if it is about no field of it
  readonly message: string;
}

/** What the server says is wrong, by the places of the answer: `answer.records.0.fields.zip`. */
export function faultsOf(proposal: FromText, answer: Answer, errors: readonly { readonly field: string; readonly message: string }[]): readonly Fault[] {
  return errors.map(({ field, message }) => {
    const [, part, number = "", , name = ""] = field.split(".");
    if (part === "teamId" || part === "visibility") return { path: part, message: `${part === "teamId" ? "Team" : "Seen by"}: ${message}.` };
    const ref = number === "" ? undefined : answer.records[Number(number)]?.ref;
    const record = proposal.records.find((each) => each.ref === ref);
    if (part !== "records" || !record) return { path: "", message: sentence(`${message}.`) };
    const known = fieldsOf(record).find(([each]) => each === name)?.[1];
    const label = known?.label ?? labelOf(moduleOf(record.noun), name);
    return { path: known ? fieldPath(record, name) : "", message: known ? `${label} ${message}.` : `${nameOf(record)}: ${label} ${message}.` };
  });
}

const labelOf = (module: Module | undefined, name: string): string => module?.fields[name]?.label ?? name;

/** Where in the text each field of the form stands. */
export function placesOf({ records, warnings }: FromText): readonly (readonly [name: string, place: Place])[] {
  return [
    ...records.flatMap((record) => Object.entries(record.fields).flatMap(([name, found]): [string, Place][] => (isPlace(found) ? [[fieldPath(record, name), found]] : []))),
    ...warnings.flatMap((warning, number): [string, Place][] => (isPlace(warning) ? [[`warnings.${number}`, warning]] : [])),
  ];
}
