import { useEffect, useState } from "react";
import { type Corrections, NONE } from "./corrections";

/** What is corrected and not planned anew yet, over a reload of this tab. `of`: the proposal that it is about. */
export function useCorrections(of: string): [Corrections, (change: (before: Corrections) => Corrections) => void] {
  const name = `openhouse-import-${of}`;
  const [corrections, setCorrections] = useState(() => kept(name));
  useEffect(() => {
    try {
      if (corrections === NONE) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, JSON.stringify(corrections));
    } catch {
      // for this visit then
    }
  }, [name, corrections]);
  return [corrections, setCorrections];
}

function kept(name: string): Corrections {
  try {
    const text = sessionStorage.getItem(name);
    return text ? (JSON.parse(text) as Corrections) : NONE;
  } catch {
    return NONE;
  }
}
