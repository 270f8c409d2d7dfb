// What stands behind the question mark: plain `name=value`, as a person would write it.

import { type Listed, listed } from "@openhouse/client/fields";

type Names<Filters> = Filters extends unknown ? keyof Filters : never;
/** What some module's lists are filtered by: `city`, `clientId`. */
type FilterName = Names<(typeof listed)[keyof typeof listed]["filters"]>;

export interface ListSearch extends Partial<Record<FilterName, string>> {
  q?: string;
  status?: string; // several, with commas between them
  sort?: string;
  archived?: "true";
  owner?: string;
  from?: string;
  to?: string;
  tz?: string; // that the days of `from` and `to` are of
  minPriceCents?: string;
  maxPriceCents?: string;
}

const OF_ALL = ["q", "status", "sort", "archived", "owner", "from", "to", "tz", "minPriceCents", "maxPriceCents"];
const NAMES = new Set([...OF_ALL, ...Object.values<Listed>(listed).flatMap(({ filters }) => Object.keys(filters))]);

/** What is unknown or empty is left out. */
export function cleanSearch(search: Record<string, unknown>): ListSearch {
  const found: Record<string, string> = {};
  for (const name of NAMES) {
    const value = search[name];
    if (typeof value === "string" && value) found[name] = value;
  }
  return found;
}

/** Whether anything is filtered; the order does not count. */
export function isFiltered({ sort: _sort, ...filters }: ListSearch): boolean {
  return Object.keys(filters).length > 0;
}

export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const given = Object.entries(search).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  const text = new URLSearchParams(given).toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}
