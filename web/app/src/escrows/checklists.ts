// How far a checklist is, and whether somebody else has changed an item meanwhile. Pure.

import type { Items } from "../modules/items";
import { type Escrow, LISTS, type Milestone, type Step } from "./escrow";

export interface Progress {
  readonly done: number;
  readonly of: number;
}

export function progressOf(items: Items<Step> | undefined): Progress {
  const all = Object.values(items ?? {});
  return { done: all.filter(({ done }) => done).length, of: all.length };
}

/** Of all lists together. */
export function wholeProgress({ checklists }: Pick<Escrow, "checklists">): Progress {
  return LISTS.map((list) => progressOf(checklists?.[list])).reduce(
    (sum, each) => ({ done: sum.done + each.done, of: sum.of + each.of }),
    { done: 0, of: 0 },
  );
}

/** Where an item stands in the record: `["checklists", "loan", "a"]`, `["timeline", "b"]`. */
export type ItemPath = readonly string[];

export function itemAt(record: Readonly<Record<string, unknown>>, path: ItemPath): Step | Milestone | undefined {
  let place: unknown = record;
  for (const name of path) place = typeof place === "object" && place !== null ? (place as Record<string, unknown>)[name] : undefined;
  return place as Step | Milestone | undefined;
}

/** The merge patch that changes this item alone. */
export function itemPatch(path: ItemPath, change: unknown): Record<string, unknown> {
  return path.toReversed().reduce((inner, name) => ({ [name]: inner }), change) as Record<string, unknown>;
}

/** Whether the item is as it was when somebody ticked it: other changes of the record do not matter to it. */
export function isSame(one: Step | Milestone | undefined, other: Step | Milestone | undefined): boolean {
  if (!one || !other) return one === other;
  return one.title === other.title && (one.done ?? false) === (other.done ?? false) && ("at" in one ? one.at : "") === ("at" in other ? other.at : "");
}
