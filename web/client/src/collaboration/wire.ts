/** What is said of working together, as the contract has it. */

import type * as contract from "../contract.js";
import type { Noun } from "../types.js";

export type { About, Channels, Confirmation, NewTask, Presence, Preferences, Reading, System, Task } from "../contract.js";

/** What every live state has. Times are ISO 8601, in UTC. */
export type LiveState = Pick<contract.Presence, "id" | "version" | "room" | "updatedAt" | "updatedBy">;

/** `holder` is at work on a record, `until` then at most. Its id is `lockId(noun, recordId)`. */
export type Lock = contract.RecordLock & { readonly noun: Noun };

export function lockId(noun: string, recordId: string): string {
  return `${noun}:${recordId}`;
}

export type Level = contract.Notification["level"];
export type Kind = contract.Notification["kind"];

/** Its id sorts by its time. `from`: the person behind it. `read`: only in answers. */
export type Notification = contract.Notification & { readonly read?: boolean };

export type NotificationPage = Pick<contract.NotificationPage, "items" | "unread" | "cursor">;

/** `POST /notifications` */
export type Message = contract.NewNotification;

export type Kinds = Readonly<Partial<Record<Kind, contract.Channels>>>;

/** Of the hints `user:viewing`, `user:stopped_viewing`, `user:typing` and `user:stopped_typing`, and of `GET /views`. */
export type Looking = contract.Viewer;
