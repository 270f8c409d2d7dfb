/** Who listens to which events: `escrow:updated`, `escrow:*`, `*`. */

import type { WireCommit, WireEvent } from "./protocol.js";
import type { EventOf, EventPattern } from "./types.js";

/** `commit` is what the event is part of; a hint is part of none. */
export type EventListener<Pattern extends EventPattern> = (
  event: EventOf<Pattern>,
  commit: WireCommit | undefined,
) => void;

type AnyListener = (event: WireEvent, commit: WireCommit | undefined) => void;

export class Events {
  readonly #listeners = new Map<string, Set<AnyListener>>();
  readonly #report: (error: unknown) => void;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Returns how to stop listening. */
  on<Pattern extends EventPattern>(pattern: Pattern, listener: EventListener<Pattern>): () => void {
    // By its name an event has the data that the contract says.
    const known = (event: WireEvent, commit: WireCommit | undefined): void =>
      listener(event as unknown as EventOf<Pattern>, commit);
    const listeners = this.#listeners.get(pattern) ?? new Set();
    this.#listeners.set(pattern, listeners.add(known));
    return () => listeners.delete(known);
  }

  /** One listener that throws keeps nobody else from hearing. */
  tell(event: WireEvent, commit?: WireCommit): void {
    const [noun = ""] = event.type.split(":");
    for (const pattern of [event.type, `${noun}:*`, "*"]) {
      for (const listener of this.#listeners.get(pattern) ?? []) {
        try {
          listener(event, commit);
        } catch (error) {
          this.#report(error);
        }
      }
    }
  }
}
