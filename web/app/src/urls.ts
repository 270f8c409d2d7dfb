// What stands behind the question mark: plain `name=value`, as a person would write it.

export interface ListSearch {
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
  tag?: string;
  city?: string;
  source?: string;
  clientId?: string;
  listingId?: string;
  leadId?: string;
}

const NAMES = [
  "q",
  "status",
  "sort",
  "archived",
  "owner",
  "from",
  "to",
  "tz",
  "minPriceCents",
  "maxPriceCents",
  "tag",
  "city",
  "source",
  "clientId",
  "listingId",
  "leadId",
] as const;

/** What is unknown or empty is left out. */
export function cleanSearch(search: Record<string, unknown>): ListSearch {
  const found: Record<string, string> = {};
  for (const name of NAMES) {
    const value = search[name];
    if (typeof value === "string" && value) found[name] = value;
  }
  return found;
}

export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const given = Object.entries(search).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  const text = new URLSearchParams(given).toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}
