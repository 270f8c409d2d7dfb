// Changes that the server did not take, after whoever made them had gone on: kept until somebody has seen why.

import type { Offline, Refused, Write } from "@openhouse/client/offline";
import { dropDraft, readDraft, writeDraft } from "./drafts";

export interface Refusal {
  readonly key: string;
  readonly at: number; // in milliseconds since 1970
  readonly write: Write;
  readonly why: string;
}

const PLACE = "refused"; // beside the drafts of forms, as it is the same: what somebody wrote and that is nowhere else

export class Refusals {
  #all: readonly Refusal[];
  readonly #user: string;
  readonly #listeners = new Set<() => void>();

  constructor(user: string) {
    this.#user = user;
    this.#all = readDraft<readonly Refusal[]>(user, PLACE)?.content ?? [];
  }

  /** Hears them from now on. */
  follow(offline: Pick<Offline, "onRefused">): void {
    offline.onRefused(({ write, error }: Refused) => {
      const { key, at, sentAt: _sentAt, ...wanted } = write;
      this.#become([...this.#all, { key, at, write: wanted, why: error.message }]);
    });
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
