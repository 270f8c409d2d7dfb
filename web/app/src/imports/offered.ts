// A file that somebody wants to import: it was dropped, or chosen, and is asked about next. One at a time.

import { useSyncExternalStore } from "react";

export interface Offered {
  readonly file: File;
  /** Of what its rows are, where that is known. */
  readonly noun: string | undefined;
}

let offered: Offered | undefined;
const listeners = new Set<() => void>();

export function offer(next: Offered | undefined): void {
  offered = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function useOffered(): Offered | undefined {
  return useSyncExternalStore(subscribe, () => offered);
}

const ACCEPTED = ".csv,.tsv,.tab,.txt,.xlsx,.vcf,.vcard,text/csv,text/vcard,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Has somebody choose one, in the browser's own dialog. */
export function chooseFile(noun: string | undefined): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ACCEPTED;
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) offer({ file, noun });
  });
  input.click();
}
