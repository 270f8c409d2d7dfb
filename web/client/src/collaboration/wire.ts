/**
 * What is said of working together, as far as this client needs it. By hand until `make contract` writes these shapes into
 * `contract.ts`: then each of them comes from there, as `Presence` does, and what is left of this file goes.
 */

import type { Noun } from "../types.js";

export type { Presence } from "../contract.js";

/** What every live state has. Times are ISO 8601, in UTC. */
export interface LiveState {
  readonly id: string;
  readonly version: number;
  readonly room: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

/** `holder` is at work on a record, `until` then at most. Its id is `<noun>:<recordId>`. */
export interface Lock extends LiveState {
  readonly noun: Noun;
  readonly recordId: string;
  readonly holder: string;
  readonly token: number;
  readonly since: string;
  readonly until: string;
  readonly takenFrom?: string;
}

export type Level = "info" | "warning" | "error" | "success";
export type Kind = "assigned" | "mentioned" | "task_failed" | "lock_taken" | "reminder" | "message";

export interface About {
  readonly noun: string;
  readonly id: string;
}

/** Its id sorts by its time. `from`: the person behind it. `read`: only in answers. */
export interface Notification extends LiveState {
  readonly level: Level;
  readonly kind: Kind;
  readonly title: string;
  readonly text: string;
  readonly about?: About;
  readonly from?: string;
  readonly read?: boolean;
}

/** What its reader has read: all up to `allUntil`, and `ids` of what came later. */
export interface Reading extends LiveState {
  readonly allUntil?: string;
  readonly ids: readonly string[];
}

export interface NotificationPage {
  readonly items: readonly Notification[];
  readonly unread: number;
  readonly cursor?: string;
}

/** `POST /notifications` */
export interface Message {
  readonly to: { readonly userId: string } | { readonly teamId: string } | { readonly brokerage: true };
  readonly level: Level;
  readonly title: string;
  readonly text: string;
  readonly about?: About;
}

/** `inApp`: at all; `browser`: by the browser, too. */
export interface Channels {
  readonly inApp: boolean;
  readonly browser: boolean;
}

export type Kinds = Readonly<Partial<Record<Kind, Channels>>>;

/** Of a person, by their id. `GET` and `PATCH /preferences` answer its `kinds` alone. */
export interface Preferences extends LiveState {
  readonly kinds: Kinds;
}

/** `maintenance` has `startsAt` and `endsAt`, a `broadcast` its `level`. */
export interface System extends LiveState {
  readonly kind: "maintenance" | "broadcast";
  readonly text: string;
  readonly level?: Level;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

/** Of the hints `user:viewing`, `user:stopped_viewing`, `user:typing` and `user:stopped_typing`, and of `GET /views`. */
export interface Looking {
  readonly userId: string;
  readonly noun: string;
  readonly recordId: string;
  readonly field?: string;
  readonly until: string;
}
