// What a form may do under its lock, and what it says of it. Pure.

import type { EditLockStatus } from "@openhouse/client/react";
import { editingText, type Names } from "./lockWords";

/** The lock as it was before it was asked for, as it is, and what was known of it. */
export interface Seen {
  readonly status: Exclude<EditLockStatus, "taking">;
  readonly before: Exclude<EditLockStatus, "taking"> | undefined;
  readonly holder: string | undefined; // who has it now
  readonly last: string | undefined; // who had it before that, elsewhere
  readonly had: boolean; // it was held here: something may have been typed
}

/** Somebody else is at work: the fields are as they are. */
export const isViewOnly = ({ status }: Pick<Seen, "status">): boolean => status === "locked" || status === "lost";

export interface Notice {
  readonly text: string;
  readonly severity: "info" | "warning";
  /** What may be done about it: taken from its holder, or taken up again. */
  readonly offer: "takeOver" | "take" | undefined;
}

/** Undefined while there is nothing to say. */
export function noticeOf(noun: string, { status, before, holder, last, had }: Seen, names: Names): Notice | undefined {
  const { me, named } = names;
  const someone = (id: string | undefined): string => (id === undefined ? "Somebody" : id === me ? "You, in another window," : named(id));
  switch (status) {
    case "locked":
      if (holder === undefined) return undefined;
      return {
        text: `${editingText(noun, holder, names)}. ${had ? "What you typed is kept here." : "You can read it here."}`,
        severity: had ? "warning" : "info",
        offer: "takeOver",
      };
    case "lost":
      return holder === undefined
        ? { text: `${someone(last)} took over and ${last === me ? "are" : "is"} done. What you typed is still here.`, severity: "info", offer: "take" }
        : { text: `${someone(holder)} ${holder === me ? "have" : "has"} taken over. What you typed is kept here.`, severity: "warning", offer: "takeOver" };
    case "free":
      if (before === "locked") return { text: `${someone(last)} ${last === me ? "are" : "is"} done. You can edit this ${noun} now.`, severity: "info", offer: undefined };
      return undefined;
    default:
      return undefined;
  }
}
