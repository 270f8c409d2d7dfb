import type { Noun } from "@openhouse/client";
import { type EditLockShown, useEditLock } from "@openhouse/client/react";
import { useState } from "react";
import type { CrmRecord, Module } from "../modules/modules";
import { isViewOnly, type Seen } from "./formLock";

export interface FormLock {
  readonly lock: EditLockShown;
  readonly seen: Seen;
  readonly viewOnly: boolean;
}

/** Of a record, while its form is open: taken, prolonged and given back by that. */
export function useFormLock(module: Module, { id }: CrmRecord): FormLock {
  const lock = useEditLock(module.noun as Noun, id);
  const { status, holder } = lock;
  const [seen, setSeen] = useState<Seen>({ status: "free", before: undefined, holder: undefined, last: undefined });
  // While it is asked for, what was before stays: nothing flickers.
  if (status !== "taking" && (status !== seen.status || holder !== seen.holder)) {
    const before = status === seen.status ? seen.before : seen.status;
    const last = isViewOnly({ status }) && holder !== undefined ? holder : seen.last;
    setSeen({ status, before, holder, last });
  }
  return { lock, seen, viewOnly: isViewOnly(seen) };
}
