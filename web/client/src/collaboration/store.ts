/** What somebody may watch: the same object for as long as nothing is different. As React's `useSyncExternalStore` has it. */

import type { Client } from "../client.js";
import type { Subscribers } from "../subscribers.js";

export interface Store<Shown> {
  /** Returns how to stop. */
  readonly subscribe: (changed: () => void) => () => void;
  readonly snapshot: () => Shown;
}

/** Costs nothing while nobody watches. */
export abstract class Watched<Shown> implements Store<Shown> {
  readonly #client: Client;
  readonly #watchers: Subscribers<undefined>;
  #count = 0;
  #end: (() => void) | undefined;
  #ending: (() => void) | undefined;
  #shown: Shown | undefined;

  constructor(client: Client) {
    this.#client = client;
    this.#watchers = client.subscribers();
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    const stop = this.#watchers.add(changed);
    this.#count += 1;
    this.#ending?.();
    if (!this.#end) {
      this.#shown = undefined; // nobody looked meanwhile
      this.#end = this.begin();
    }
    let isStopped = false;
    return () => {
      if (isStopped) return;
      isStopped = true;
      stop();
      this.#count -= 1;
      if (this.#count > 0) return;
      // React's strict mode, or a screen that takes the place of another, watches again at once.
      this.#ending = this.#client.clock.after(0, () => {
        const end = this.#end;
        this.#end = undefined;
        end?.();
      });
    };
  };

  readonly snapshot = (): Shown => (this.#shown ??= this.show());

  protected get isWatched(): boolean {
    return this.#count > 0 || this.#end !== undefined;
  }

  /** It looks different now. */
  protected changed(): void {
    this.#shown = undefined;
    this.#watchers.tell(undefined);
  }

  /** Somebody watches. Returns what to do when nobody does any more. */
  protected abstract begin(): () => void;

  protected abstract show(): Shown;
}

/** Ends all of these. */
export function together(...stops: readonly (() => void)[]): () => void {
  return () => {
    for (const stop of stops) stop();
  };
}
