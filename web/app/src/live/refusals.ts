// Changes that the server did not take, after whoever made them had gone on: kept until somebody has seen why.

import type { Offline, Refused, Write } from "@openhouse/client/offline";
import { complaintOf } from "../api/complaint";
import type { Held } from "../together/lockWords";
import { draftsOf, dropDraft, readDraft, writeDraft } from "./drafts";

export interface Refusal {
  readonly key: string;
  readonly at: number; // in milliseconds since 1970
  readonly write: Write;
  readonly why: string;
  readonly held?: Held | undefined; // the lock that it was refused for
  readonly form: Form | undefined;
}

/** The form that it was written in, as it stood then. */
export interface Form {
  readonly place: string;
  readonly content: unknown;
}

// Beside the drafts of forms, as they are the same: what somebody wrote and that is nowhere else.
const PLACE = "refused";
const SENT = "sent ";

export class Refusals {
  #all: readonly Refusal[];
  readonly #user: string;
  readonly #listeners = new Set<() => void>();

  constructor(user: string) {
    this.#user = user;
    this.#all = readDraft<readonly Refusal[]>(user, PLACE)?.content ?? [];
  }

  /** Hears them from now on. */
  follow(offline: Pick<Offline, "onRefused" | "waiting">): void {
    const waiting = new Set(offline.waiting.map(({ key }) => SENT + key));
    for (const place of draftsOf(this.#user)) if (place.startsWith(SENT) && !waiting.has(place)) dropDraft(this.#user, place);
    offline.onRefused(({ write, error }: Refused) => {
      const { key, at, sentAt: _sentAt, ...wanted } = write;
      const form = readDraft<Form>(this.#user, SENT + key)?.content;
      dropDraft(this.#user, SENT + key);
      const { message: why, held } = complaintOf(error);
      this.#become([...this.#all, { key, at, write: wanted, why, held, form }]);
    });
  }

  /** Keeps the form of a write that waits, for the case that it is not taken. */
  expect(key: string, form: Form): void {
    writeDraft(this.#user, SENT + key, { at: Date.now(), content: form });
  }

  /** Puts what was not taken back into its form. Returns where that is. */
  reopen({ key, form }: Refusal): string | undefined {
    if (!form) return undefined;
    writeDraft(this.#user, form.place, { at: Date.now(), content: form.content });
    this.dismiss(key);
    return form.place;
  }

  readonly all = (): readonly Refusal[] => this.#all;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  dismiss(key: string): void {
    this.#become(this.#all.filter((each) => each.key !== key));
  }

  /** Whoever wanted this is there, and is told by other means. */
  told({ noun, method, id, verb }: Write): void {
    const found = this.#all.findLast(({ write }) => write.noun === noun && write.method === method && write.id === id && write.verb === verb);
    if (found) this.dismiss(found.key);
  }

  #become(all: readonly Refusal[]): void {
    this.#all = all;
    if (all.length > 0) writeDraft(this.#user, PLACE, { at: Date.now(), content: all });
    else dropDraft(this.#user, PLACE);
    for (const listener of this.#listeners) listener();
  }
}
