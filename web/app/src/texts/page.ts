// Where tasks that read and write texts are looked at. Pure.

import type { Task } from "@openhouse/client";

export const pageOf = ({ id }: Pick<Task, "id">): string => `/tasks/${id}`;

/** Where a text is pasted of which records are to be made. */
export const FROM_TEXT = "/from-text";

/** Of which nouns such records are. */
export const READ_FROM_TEXT: ReadonlySet<string> = new Set(["escrow", "listing", "client", "appointment"]);

/** The same of an agreement, for the dates of an escrow. */
export const agreementOf = (escrow: string): string => `/escrows/${escrow}/timeline`;

/** While a description is written, its message is what is written so far; else it says what is done. */
export const writtenSoFar = ({ message }: Pick<Task, "message">): string => (message.endsWith("...") ? "" : message);
