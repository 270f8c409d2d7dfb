/** Figures and histories, kept up by what commits tell. Pure. */

import type { HistoryStep } from "../contract.js";
import { isDocument, merge } from "../merge-patch.js";
import type { Document } from "../merge-patch.js";
import type { WireCommit, WireEvent } from "../protocol.js";
import type { HistoryOf, Noun, StatsOf } from "../types.js";

/** An event, and the commit that it came with. */
export type Told = readonly [event: WireEvent, commit: WireCommit];
export type Followed = StatsOf<Noun> | HistoryOf<Noun>;

/** With what was told of it. undefined: that does not follow on what is known. */
export function followed<Known extends Followed>(known: Known, told: Told): Known | undefined {
  return ("items" in known ? stepped(known, told) : counted(known, told)) as Known | undefined;
}

function counted(stats: StatsOf<Noun>, [{ data }]: Told): StatsOf<Noun> | undefined {
  const { room, version, changes } = data;
  const before = typeof room === "string" ? (stats.rooms[room] as Document | undefined) : undefined;
  const known = before?.version;
  if (typeof room !== "string" || typeof version !== "number" || !isDocument(changes)) return stats;
  if (!before || typeof known !== "number" || version > known + 1) return undefined;
  if (version <= known) return stats;
  const rooms: Record<string, Document> = { ...(stats.rooms as object), [room]: { ...merge(before, changes), version } };
  let total: Document = {};
  for (const { version: _version, ...figures } of Object.values<Document>(rooms)) total = add(total, figures);
  return { ...stats, rooms, total } as unknown as StatsOf<Noun>;
}

function stepped(history: HistoryOf<Noun>, [{ type, data }, { at, by }]: Told): HistoryOf<Noun> | undefined {
  const [noun = "", action = ""] = type.split(":");
  const { version, changes, [noun]: whole, reason } = data;
  const last = history.items[0]?.version ?? 0;
  if (typeof version !== "number" || version <= last) return history;
  // Of what moved here or is not told, nobody knows what it was before.
  const made = action === "created" && version === 1 && isDocument(whole) ? whole : undefined;
  const patch = action === "deleted" ? {} : isDocument(changes) ? changes : made;
  if (!patch || version > last + 1 || reason === "moved") return undefined;
  const step: HistoryStep = { version, at, by, action, changes: patch };
  return { ...history, items: [step, ...history.items] };
}

function add(one: Document, other: Document): Document {
  const sum: Record<string, unknown> = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const before = sum[name];
    if (isDocument(value)) sum[name] = add(isDocument(before) ? before : {}, value);
    else sum[name] = Number(before ?? 0) + Number(value);
  }
  return sum;
}
