import { createContext, type ReactNode } from "react";
import type { Person } from "./mentions";

/** What inputs have to know of the form that they are in. */
export interface Surroundings {
  readonly viewOnly: boolean;
  readonly readers: (() => readonly Person[]) | undefined; // those who may be mentioned
  readonly hint?: (name: string) => ReactNode; // below an input
}

export const SurroundingsContext = createContext<Surroundings>({ viewOnly: false, readers: undefined });
