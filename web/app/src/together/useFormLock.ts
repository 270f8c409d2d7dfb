import type { Noun } from "@openhouse/client";
import { type EditLockShown, useEditLock } from "@openhouse/client/react";
import { useCallback, useEffect, useRef, useState } from "react";
import type { CrmRecord, Module } from "../modules/modules";
import { isViewOnly, type Seen } from "./formLock";

const PATIENT = 2_000; // milliseconds

export interface FormLock {
  readonly lock: EditLockShown;
  readonly seen: Seen;
  readonly viewOnly: boolean;
  /** Resolves when it is not being asked for, or that takes long: what is saved before would be refused by one's own lock. */
  readonly answered: () => Promise<void>;
}

/** Of a record, while its form is open: taken, prolonged and given back by that. */
export function useFormLock(module: Module, { id }: CrmRecord): FormLock {
  const lock = useEditLock(module.noun as Noun, id);
  const { status, holder } = lock;
  const [seen, setSeen] = useState<Seen>({ status: "free", before: undefined, holder: undefined, last: undefined, had: false });
  // While it is asked for, what was before stays: nothing flickers.
  if (status !== "taking" && (status !== seen.status || holder !== seen.holder)) {
    const before = status === seen.status ? seen.before : seen.status;
    const last = isViewOnly({ status }) && holder !== undefined ? holder : seen.last;
    setSeen({ status, before, holder, last, had: seen.had || status === "held" });
  }
  const waiting = useRef<{ isAsked: boolean; readonly go: Set<() => void> }>({ isAsked: false, go: new Set() });
  useEffect(() => {
    waiting.current.isAsked = status === "taking";
    if (status === "taking") return;
    for (const go of waiting.current.go) go();
    waiting.current.go.clear();
  }, [status]);
  const answered = useCallback(
    () =>
      new Promise<void>((resolve) => {
        if (!waiting.current.isAsked) return resolve();
        waiting.current.go.add(resolve);
        setTimeout(resolve, PATIENT);
      }),
    [],
  );
  return { lock, seen, viewOnly: isViewOnly(seen), answered };
}
