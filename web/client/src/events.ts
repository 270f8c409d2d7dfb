/** Who listens to which events: `escrow:updated`, `escrow:*`, `*`. */

import type { WireCommit, WireEvent } from "./protocol.js";
import type { Subscribers } from "./subscribers.js";
import type { EventOf, EventPattern } from "./types.js";

/** `commit` is what the event is part of; a hint is part of none. */
export type EventListener<Pattern extends EventPattern> = (
  event: EventOf<Pattern>,
  commit: WireCommit | undefined,
) => void;

type News = readonly [event: WireEvent, commit: WireCommit | undefined];

export class Events {
  readonly #listeners = new Map<string, Subscribers<News>>();
  readonly #subscribers: () => Subscribers<News>;

  constructor(subscribers: () => Subscribers<News>) {
    this.#subscribers = subscribers;
  }

  /** Returns how to stop listening. */
  on<Pattern extends EventPattern>(pattern: Pattern, listener: EventListener<Pattern>): () => void {
    const listeners = this.#listeners.get(pattern) ?? this.#subscribers();
    this.#listeners.set(pattern, listeners);
    // By its name an event has the data that the contract says.
    return listeners.add(([event, commit]) => listener(event as unknown as EventOf<Pattern>, commit));
  }

  tell(event: WireEvent, commit?: WireCommit): void {
    const [noun = ""] = event.type.split(":");
    for (const pattern of [event.type, `${noun}:*`, "*"]) this.#listeners.get(pattern)?.tell([event, commit]);
  }
}
