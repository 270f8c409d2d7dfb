// From a record back to the list that one came from, with its filters.

declare module "@tanstack/history" {
  interface HistoryState {
    list?: Readonly<Record<string, string>>; // what stood behind the question mark
  }
}

export function listState(search: Readonly<Record<string, unknown>>): { list: Readonly<Record<string, string>> } {
  const given = Object.entries(search).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return { list: Object.fromEntries(given) };
}
