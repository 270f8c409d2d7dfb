/** Where a write is sent, and what its answer says of the records. Pure. */

import { isRecord } from "../cache.js";
import type { Cache, Fetch, Key } from "../cache.js";
import { paths } from "../fields.js";
import type { Document } from "../merge-patch.js";
import { withoutHints } from "../records.js";
import type { Write } from "./queue.js";

export function pathOf({ noun, id, verb }: Write): string {
  return [
    "",
    paths[noun],
    ...(id === undefined ? [] : [encodeURIComponent(id)]),
    ...(verb === undefined ? [] : [verb]),
  ].join("/");
}

/** Takes what a write has done, without waiting to be told by the log. Returns the records that look different. */
export function taken(cache: Cache, { noun, id, method }: Write, answer: Document, fetch: Fetch | undefined): Key[] {
  const known = method === "DELETE" && id !== undefined && cache.get(noun, id);
  if (known) {
    const data = { [`${noun}Id`]: id, version: known.version + 1 };
    return cache.apply({ room: known.room, events: [{ type: `${noun}:deleted`, data }] });
  }
  if (!fetch) return [];
  // Two records, by their nouns, where one was converted into the other.
  return Object.entries(isRecord(answer) ? { [noun]: answer } : answer).flatMap(([each, record]) =>
    isRecord(record) ? cache.load(each, [withoutHints(record)], fetch) : [],
  );
}
