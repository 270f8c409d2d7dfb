// What somebody has read in a banner and closed: kept in this browser, the same in all its tabs.

import { useSyncExternalStore } from "react";

const NAME = "openhouse-dismissed";
const MOST = 20; // the oldest are over by then
const listeners = new Set<() => void>();
let chosen = ""; // of a browser that keeps nothing

export function useDismissed(): [isDismissed: (key: string) => boolean, dismiss: (key: string) => void] {
  const keys = useSyncExternalStore(watch, read).split("\n");
  return [(key) => keys.includes(key), dismiss];
}

function read(): string {
  try {
    return localStorage.getItem(NAME) ?? chosen;
  } catch {
    return chosen;
  }
}

function dismiss(key: string): void {
  chosen = [...read().split("\n").filter((each) => each !== key), key].slice(-MOST).join("\n");
  try {
    localStorage.setItem(NAME, chosen);
  } catch {
    // for this visit then
  }
  for (const listener of listeners) listener();
}

function watch(changed: () => void): () => void {
  listeners.add(changed);
  addEventListener("storage", changed); // another tab has closed one
  return () => {
    listeners.delete(changed);
    removeEventListener("storage", changed);
  };
}
