/** Of which kinds of notifications this person wants to hear, and how; where they are, by whose mornings they hear of their day. */

import type { Client } from "../client.js";
import type { Loaded } from "../records.js";
import type { Request } from "../rest.js";
import { Asked } from "./live-list.js";
import type { Channels, Kind, Kinds, Preferences as Chosen } from "./wire.js";

const NOUN = "preferences";
const UNLESS_SAID: Channels = { inApp: true, browser: false };

export interface PreferencesShown {
  readonly kinds: Kinds;
  /** If they have said so. */
  readonly timeZone: string | undefined;
  readonly isPending: boolean;
  readonly error: Error | null;
  /** Shown at once, and taken back if the server does not take it. */
  readonly change: (kinds: Readonly<Partial<Record<Kind, Partial<Channels>>>>) => Promise<void>;
  /** Says where they are. */
  readonly liveIn: (timeZone: string) => Promise<void>;
}

export class Preferences extends Asked<PreferencesShown> {
  /** As it was answered or told last. */
  #known: Kinds | undefined;
  #wanted: Kinds | undefined;
  #zone: string | undefined;

  constructor(client: Client) {
    super(client, NOUN, "preferences");
  }

  of(kind: Kind): Channels {
    return this.#kinds[kind] ?? UNLESS_SAID;
  }

  protected async answer(signal?: AbortSignal): Promise<Loaded> {
    return this.#asked("GET", { signal });
  }

  protected show(): PreferencesShown {
    const { change, error, liveIn } = this;
    return { kinds: this.#kinds, timeZone: this.#zone, isPending: !this.isWhole, error, change, liveIn };
  }

  readonly change = async (kinds: Readonly<Partial<Record<Kind, Partial<Channels>>>>): Promise<void> => {
    const whole = Object.entries(kinds).map(([kind, channels]) => [kind, { ...this.of(kind as Kind), ...channels }]);
    this.#wanted = { ...this.#kinds, ...(Object.fromEntries(whole) as Kinds) };
    this.changed();
    try {
      await this.#asked("PATCH", { body: { kinds } });
    } finally {
      this.#wanted = undefined;
      this.changed();
    }
  };

  readonly liveIn = async (timeZone: string): Promise<void> => {
    await this.#asked("PATCH", { body: { timeZone } });
    this.changed();
  };

  /** An answer has no version: what was told while it was on its way is newer. */
  async #asked(method: string, request: Request): Promise<Loaded> {
    const before = this.#state;
    const { kinds, timeZone } = await this.client.rest.send(method, "/preferences", request);
    if (this.#state === before) {
      this.#known = kinds as Kinds;
      this.#zone = timeZone as string | undefined;
    }
    return { items: [] };
  }

  protected override told(): void {
    this.#known = this.#state?.kinds ?? this.#known;
    this.#zone = this.#state?.timeZone ?? this.#zone;
    super.told();
  }

  get #state(): Chosen | undefined {
    return this.client.cache.get(NOUN, this.client.user) as Chosen | undefined;
  }

  get #kinds(): Kinds {
    return this.#wanted ?? this.#known ?? this.#state?.kinds ?? {};
  }

  protected override concerns(key: string): boolean {
    return key === `${NOUN}/${this.client.user}`;
  }
}
