import { createContext, use } from "react";
import type { Person } from "../session/issuer";
import type { Api } from "./http";

export const ApiContext = createContext<{ api: Api; person: Person } | undefined>(undefined);

export function useApi(): Api {
  return useBoth().api;
}

/** Who is signed in. */
export function usePerson(): Person {
  return useBoth().person;
}

function useBoth(): { api: Api; person: Person } {
  const both = use(ApiContext);
  if (!both) throw new Error("Nobody is signed in here.");
  return both;
}
