// Which cards a column shows, and which it takes. Pure.

import type { CrmRecord, Module } from "../modules/modules";
import { words } from "../ui/words";

/** A card on its way: shown where it was put until the lists have it there. */
export interface Move {
  readonly record: CrmRecord;
  readonly status: string;
  readonly version?: number; // that the server has made of it
  readonly waiting?: string; // the key of the write that waits for the connection
}

export type Moves = ReadonlyMap<string, Move>;

/** What is listed in a column, without what was moved elsewhere, and with what was moved here. */
export function shownIn(status: string, listed: readonly CrmRecord[], moves: Moves): readonly CrmRecord[] {
  if (moves.size === 0) return listed;
  const known = new Set<string>();
  const stay = listed.filter((record) => {
    const move = moves.get(record.id);
    if (move && !isCaughtUp(move, record) && move.status !== status) return false;
    known.add(record.id);
    return true;
  });
  const come = [...moves.values()].filter((move) => move.status === status && !known.has(move.record.id));
  return come.length === 0 ? stay : [...come.map(({ record }) => ({ ...record, status })), ...stay];
}

/** Whether what is listed is as new as what the server answered. */
export function isCaughtUp(move: Move, listed: CrmRecord): boolean {
  return move.version !== undefined && listed.version >= move.version;
}

/** Why a record cannot go there; undefined if it can. The server has the last word. */
export function refusalOf(module: Module, record: CrmRecord, status: string): string | undefined {
  const { noun } = module;
  if (!record.can.includes("edit")) return `You can see this ${noun}, but not change it.`;
  if (record.archived) return `This ${noun} is in the archive: take it out first.`;
  const next = module.transitions[record.status] ?? [];
  if (next.includes(status)) return undefined;
  const now = words(record.status).toLowerCase();
  if (next.length === 0) return `${article(noun)} that is ${now} stays so: it has to be reopened first.`;
  return `${article(noun)} that is ${now} can become ${anyOf(next)}, but not ${words(status).toLowerCase()}.`;
}

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? "An" : "A"} ${noun}`;

function anyOf(statuses: readonly string[]): string {
  const all = statuses.map((status) => words(status).toLowerCase());
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} or ${all.at(-1)}`;
}
