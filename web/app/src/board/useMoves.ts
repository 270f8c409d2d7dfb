// Moving a record to another status: shown at once, undone when the server refuses it, and by whoever changes their mind.

import { useMemo, useRef, useState } from "react";
import { useLive, useWaiting } from "../live/context";
import { useSave } from "../live/save";
import type { Write } from "../live/save";
import { type CrmRecord, type Module, titleOf } from "../modules/modules";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { words } from "../ui/words";
import { type Move, type Moves, refusalOf } from "./moves";

const SETTLED = 4000; // milliseconds, in which the lists have taken up what was answered

export interface Mover {
  readonly moves: Moves;
  readonly move: (record: CrmRecord, status: string) => void;
}

/** `instead`: takes a move over that needs more than another status; it returns whether it does. */
export function useMoves(module: Module, instead?: (record: CrmRecord, status: string) => boolean): Mover {
  const save = useSave(module);
  const { offline } = useLive();
  const waiting = useWaiting();
  const announce = useAnnounce();
  const why = useWhy();
  const [made, setMade] = useState<Moves>(new Map());
  const timers = useRef(new Map<string, number>());

  function put(id: string, to: Move | undefined): void {
    clearTimeout(timers.current.get(id));
    setMade((before) => {
      const after = new Map(before);
      if (to) after.set(id, to);
      else after.delete(id);
      return after;
    });
    if (to?.version !== undefined) timers.current.set(id, window.setTimeout(() => put(id, undefined), SETTLED));
  }

  async function send(record: CrmRecord, status: string, deed: Write, said: string, undo: boolean): Promise<void> {
    const { id } = record;
    put(id, { record, status });
    try {
      const saved = await save(deed);
      if ("waiting" in saved) {
        put(id, { record, status, waiting: saved.waiting });
        announce(`${said}: it is kept here, and sent when the connection is back`, () => {
          if (!offline.withdraw(saved.waiting)) announce("This one is on its way already.");
        });
        return;
      }
      const after = saved.record ?? { ...record, status };
      put(id, { record: after, status, version: after.version });
      const back = undo ? wayBack(module, after, record.status) : undefined;
      announce(said, back && (() => void send(after, record.status, back, `${titleOf(module, record)} is ${named(record.status)} again`, false)));
    } catch (error) {
      put(id, undefined);
      announce(`${titleOf(module, record)} stays ${named(record.status)}: ${why(error)}`);
    }
  }

  function move(record: CrmRecord, status: string): void {
    if (record.status === status) return;
    const refusal = refusalOf(module, record, status);
    if (refusal) {
      announce(refusal);
      return;
    }
    if (instead?.(record, status)) return;
    const deed: Write = { method: "PATCH", path: `/${record.id}`, body: { status } };
    void send(record, status, deed, `${titleOf(module, record)} is ${named(status)} now`, true);
  }

  // What waited is done, or was withdrawn: from then on the lists tell.
  const moves = useMemo(() => {
    const keys = new Set(waiting.map(({ key }) => key));
    return new Map([...made].filter(([, each]) => each.waiting === undefined || keys.has(each.waiting)));
  }, [made, waiting]);
  return { moves, move };
}

/** How a record comes back to the status that it had: by a change, or out of a final one by reopening. */
export function wayBack(module: Module, { id, status, can }: CrmRecord, before: string): Write | undefined {
  const next = module.transitions[status] ?? [];
  if (next.includes(before)) return { method: "PATCH", path: `/${id}`, body: { status: before } };
  if (next.length > 0 || !can.includes("reopen")) return undefined;
  return { method: "POST", path: `/${id}/reopen`, body: { status: before, reason: "Moved by mistake" } };
}

const named = (status: string): string => words(status).toLowerCase();
