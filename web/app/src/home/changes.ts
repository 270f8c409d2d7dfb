// What colleagues changed lately, in words, from the records themselves: nothing is asked for when one of them changes. Pure.

import { type CrmRecord, type Module, ownFields, titleOf } from "../modules/modules";
import { textOf } from "../modules/values";
import { words } from "../ui/words";

export interface Change {
  readonly module: Module;
  readonly record: CrmRecord;
  readonly deed: string; // "moved to pending"
}

type Known = ReadonlyMap<string, CrmRecord>;

/** The newest first, none of one's own. `before`: the records as they were shown last. */
export function changesOf(lists: readonly (readonly [Module, readonly CrmRecord[]])[], me: string, before: Known, count: number): Change[] {
  return lists
    .flatMap(([module, records]) => records.map((record) => ({ module, record })))
    .filter(({ record }) => record.updatedBy !== me)
    .toSorted((one, other) => (one.record.updatedAt < other.record.updatedAt ? 1 : -1))
    .slice(0, count)
    .map(({ module, record }) => ({ module, record, deed: deedOf(module, record, before.get(record.id)) }));
}

export function deedOf(module: Module, record: CrmRecord, before: CrmRecord | undefined): string {
  if (record.version === 1) return "added";
  if (!before || before.version >= record.version) return record.archived ? "archived" : "changed";
  if (record.archived !== before.archived) return record.archived ? "archived" : "took out of the archive";
  if (record.status !== before.status) return `moved to ${words(record.status).toLowerCase()}`;
  const names = ownFields(module).filter(([name]) => JSON.stringify(record[name]) !== JSON.stringify(before[name]));
  const [first] = names;
  if (names.length !== 1 || !first) return "changed";
  const [name, field] = first;
  const [from, to] = [textOf(field, before[name]), textOf(field, record[name])];
  const label = field.label.charAt(0).toLowerCase() + field.label.slice(1);
  if (["longText", "tags", "ids", "items", "group", "list", "id"].includes(field.type)) return `changed ${label} of`;
  return to ? `set ${label} ${from ? `from ${from} ` : ""}to ${to} on` : `cleared ${label} of`;
}

/** For a screen reader and a title alike. */
export const nameOf = ({ module, record }: Change): string => titleOf(module, record);
