// The time zone in which a person reads and types times: the one chosen in Settings, else the browser's. Kept in this browser.

import { useSyncExternalStore } from "react";
import { isZone } from "./zones";

const KEY = "openhouse-time-zone";
const listeners = new Set<() => void>();
let chosen = kept();

function kept(): string | undefined {
  try {
    const found = localStorage.getItem(KEY);
    return found !== null && isZone(found) ? found : undefined;
  } catch {
    return undefined; // nothing may be kept here
  }
}

const ASKED = 1_000; // milliseconds; a browser takes half of one to answer, and a table asks for each row
let asked: string | undefined;

export function browserZone(): string {
  if (asked === undefined) setTimeout(() => (asked = undefined), ASKED);
  asked ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return asked;
}

export function ownZone(): string {
  return chosen ?? browserZone();
}

/** Undefined: as the browser has it. */
export function chooseZone(zone: string | undefined): void {
  chosen = zone;
  try {
    if (zone === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, zone);
  } catch {
    // then until the page is loaded anew
  }
  for (const listener of listeners) listener();
}

export function useOwnZone(): string {
  return useSyncExternalStore(watch, ownZone);
}

export function useChosenZone(): string | undefined {
  return useSyncExternalStore(watch, () => chosen);
}

function watch(changed: () => void): () => void {
  const elsewhere = (event: StorageEvent) => {
    if (event.key !== KEY) return;
    chosen = kept();
    changed();
  };
  listeners.add(changed);
  addEventListener("storage", elsewhere);
  return () => {
    listeners.delete(changed);
    removeEventListener("storage", elsewhere);
  };
}
