// Ticking one item of a checklist or a timeline. Whatever else changed meanwhile does not matter; that item itself does.

import { complaintOf, isStale } from "../api/complaint";
import { useNames, useWrite } from "../modules/data";
import type { CrmRecord } from "../modules/modules";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { isSame, itemAt, type ItemPath, itemPatch } from "./checklists";
import { ESCROWS, type Escrow } from "./escrow";

const TRIES = 4;

export function useTick(): (escrow: Escrow, path: ItemPath, done: boolean, refresh: () => void) => Promise<void> {
  const write = useWrite(ESCROWS);
  const announce = useAnnounce();
  const named = useNames();
  const why = useWhy();

  async function put(escrow: Escrow, path: ItemPath, done: boolean): Promise<CrmRecord | undefined> {
    const seen = itemAt(escrow, path);
    let { version } = escrow;
    for (let left = TRIES; ; left -= 1) {
      try {
        const body = itemPatch(path, { done });
        // oxlint-disable-next-line no-await-in-loop -- each try depends on what the one before met
        return await write.mutateAsync({ method: "PATCH", path: `/${escrow.id}`, body, version });
      } catch (error) {
        const current = currentOf(error);
        if (!current || left <= 1) throw error;
        if (!isSame(seen, itemAt(current, path))) throw new Changed(current.updatedBy);
        ({ version } = current);
      }
    }
  }

  return async (escrow, path, done, refresh) => {
    const title = itemAt(escrow, path)?.title ?? "It";
    try {
      const made = await put(escrow, path, done);
      const back = made as Escrow | undefined;
      announce(
        `${title} is ${done ? "done" : "open again"}`,
        back && (() => void put(back, path, !done).catch((error: unknown) => announce(why(error)))),
      );
    } catch (error) {
      refresh();
      announce(error instanceof Changed ? `${named(error.by)} changed “${title}” meanwhile. It is shown as it is now.` : why(error));
    }
  };
}

/** Of a change that was based on another version: the record as it is. */
function currentOf(error: unknown): CrmRecord | undefined {
  const complaint = complaintOf(error);
  return isStale(complaint) ? (complaint.theirs as CrmRecord | undefined) : undefined;
}

class Changed extends Error {
  constructor(readonly by: string) {
    super("Somebody changed this meanwhile.");
  }
}
