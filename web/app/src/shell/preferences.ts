// What a person has chosen for this browser: kept in it, the same in all its tabs.

import { useSyncExternalStore } from "react";
import { type BadgeDesign, BADGES } from "../live/connectionWords";

const BADGE = "openhouse-badge";
const listeners = new Set<() => void>();

export function useBadgeDesign(): [BadgeDesign, (design: BadgeDesign) => void] {
  return [useSyncExternalStore(watch, badgeDesign), putBadgeDesign];
}

function badgeDesign(): BadgeDesign {
  try {
    const kept = localStorage.getItem(BADGE) ?? "";
    return kept in BADGES ? (kept as BadgeDesign) : "word";
  } catch {
    return chosen;
  }
}

let chosen: BadgeDesign = "word"; // of a browser that keeps nothing

function putBadgeDesign(design: BadgeDesign): void {
  chosen = design;
  try {
    localStorage.setItem(BADGE, design);
  } catch {
    // for this visit then
  }
  for (const listener of listeners) listener();
}

function watch(changed: () => void): () => void {
  listeners.add(changed);
  addEventListener("storage", changed); // another tab has chosen
  return () => {
    listeners.delete(changed);
    removeEventListener("storage", changed);
  };
}
