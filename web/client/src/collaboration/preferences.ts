/** Of which kinds of notifications this person wants to hear, and how. */

import type { AnyRecord } from "../cache.js";
import type { Client } from "../client.js";
import type { Document } from "../merge-patch.js";
import type { Loaded } from "../records.js";
import { Asked } from "./live-list.js";
import type { Channels, Kind, Kinds, Preferences as Chosen } from "./wire.js";

const NOUN = "preferences";
const UNLESS_SAID: Channels = { inApp: true, browser: false };

export interface PreferencesShown {
  readonly kinds: Kinds;
  readonly isPending: boolean;
  readonly error: Error | null;
  /** Shown at once, and taken back if the server does not take it. */
  readonly change: (kinds: Readonly<Partial<Record<Kind, Partial<Channels>>>>) => Promise<void>;
}

export class Preferences extends Asked<PreferencesShown> {
  #answered: Kinds = {};
  #wanted: Kinds | undefined;

  constructor(client: Client) {
    super(client, NOUN, "preferences");
  }

  of(kind: Kind): Channels {
    return this.#kinds[kind] ?? UNLESS_SAID;
  }

  protected async answer(signal?: AbortSignal): Promise<Loaded> {
    return { items: this.#take(await this.client.rest.send("GET", "/preferences", { signal })) };
  }

  protected show(): PreferencesShown {
    return { kinds: this.#kinds, isPending: !this.isWhole, error: this.error, change: this.change };
  }

  readonly change = async (kinds: Readonly<Partial<Record<Kind, Partial<Channels>>>>): Promise<void> => {
    const whole = Object.entries(kinds).map(([kind, channels]) => [kind, { ...this.of(kind as Kind), ...channels }]);
    this.#wanted = { ...this.#kinds, ...(Object.fromEntries(whole) as Kinds) };
    this.changed();
    try {
      await this.client.load(NOUN, async () => ({
        items: this.#take(await this.client.rest.send("PATCH", "/preferences", { body: { kinds } })),
      }));
    } finally {
      this.#wanted = undefined;
      this.changed();
    }
  };

  /** A state with its version goes by way of the cache. */
  #take(answer: Document): AnyRecord[] {
    if ("version" in answer) return [answer as AnyRecord];
    this.#answered = answer.kinds as Kinds;
    return [];
  }

  get #kinds(): Kinds {
    const state = this.client.cache.get(NOUN, this.client.user) as Chosen | undefined;
    return this.#wanted ?? state?.kinds ?? this.#answered;
  }

  protected override concerns(key: string): boolean {
    return key === `${NOUN}/${this.client.user}`;
  }
}
