// What somebody may do with a record, where no answer has said so: it came by a commit. The server decides all the same.

import type { Me } from "../contract";
import type { CrmRecord } from "./modules";

/** As in docs/access.md. */
export function rightsOf(record: Readonly<Record<string, unknown>>, me: Me | undefined): CrmRecord["can"] {
  if (!me) return [];
  const isOwner = record["ownerId"] === me.userId;
  const isPrivate = record["visibility"] === "private";
  const isInTeam = !isPrivate && me.teamIds.includes(String(record["teamId"]));
  if (!isPrivate && (me.role === "broker" || (me.role === "lead" && isInTeam))) return ["edit", "delete", "share", "reassign", "reopen"];
  if (isOwner) return me.role === "lead" || me.role === "broker" ? ["edit", "delete", "share", "reopen"] : ["edit", "delete", "share"];
  return isInTeam ? ["edit"] : [];
}

export interface Whole {
  readonly one: (record: object) => CrmRecord;
  /** Of a list that changes a little at a time: what is at its place still is not looked at again. */
  readonly all: (records: readonly object[]) => readonly CrmRecord[];
}

/** Records with what `me` may do. The same object for the same. */
export function withRights(me: Me | undefined): Whole {
  const known = new WeakMap<object, CrmRecord>();
  const one = (record: object): CrmRecord => {
    if ("can" in record) return record as CrmRecord;
    const whole = known.get(record) ?? ({ ...record, can: rightsOf({ ...record }, me) } as unknown as CrmRecord);
    known.set(record, whole);
    return whole;
  };
  let [before, after]: [readonly object[], readonly CrmRecord[]] = [[], []];
  const all = (records: readonly object[]): readonly CrmRecord[] => {
    const whole = records.map((record, at) => (record === before[at] ? after[at] : undefined) ?? one(record));
    [before, after] = [records, whole];
    return whole;
  };
  return { one, all };
}
