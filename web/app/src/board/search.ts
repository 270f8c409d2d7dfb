// What the address of a screen with a table and a board says besides the filters.

import { cleanSearch, type ListSearch } from "../urls";

export type View = "table" | "board";

export interface ViewSearch extends ListSearch {
  view?: View; // without it the module's own first choice
  column?: string; // of the board, on a phone
}

export function viewSearch(search: Record<string, unknown>): ViewSearch {
  const { view, column } = search;
  return {
    ...cleanSearch(search),
    ...(view === "table" || view === "board" ? { view } : {}),
    ...(typeof column === "string" && column ? { column } : {}),
  };
}

/** What of it the list is asked for. */
export function listPart(search: ViewSearch): ListSearch {
  const { view: _view, column: _column, ...filters } = search;
  return filters;
}
