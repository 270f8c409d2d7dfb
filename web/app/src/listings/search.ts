import { cleanSearch, type ListSearch } from "../urls";

interface ListingsSearch extends ListSearch {
  view?: "table"; // cards otherwise
}

export function listingsSearch(search: Record<string, unknown>): ListingsSearch {
  return { ...cleanSearch(search), ...(search["view"] === "table" ? { view: "table" } : {}) };
}
