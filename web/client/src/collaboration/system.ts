/** What whoever runs the installation says to everybody. */

import type { Client } from "../client.js";
import type { Loaded } from "../records.js";
import { Asked } from "./live-list.js";
import type { ServerClock } from "./server-clock.js";
import { together } from "./store.js";
import type { System } from "./wire.js";

const SHOWN = 86_400_000; // of a broadcast, and of maintenance after it was to end

export interface Maintenance {
  readonly text: string;
  /** As it was announced, ISO 8601: what a sentence says of it. */
  readonly announced: { readonly startsAt: string; readonly endsAt: string };
  /** In milliseconds since 1970, by this machine's clock: a countdown needs no other. Off by as much as a request takes. */
  readonly startsAt: number;
  readonly endsAt: number;
  /** It has begun. */
  readonly isOn: boolean;
  /** It was to be over by now, and nobody has said yet that it is. */
  readonly isLate: boolean;
  /** When it was announced like this, ISO 8601: another one is another. */
  readonly updatedAt: string;
}

export interface SystemShown {
  /** Until it is said to be over, or will not take place. */
  readonly maintenance: Maintenance | undefined;
  /** Of the last 24 hours, the newest first. */
  readonly broadcasts: readonly System[];
  readonly isPending: boolean;
  readonly error: Error | null;
}

export class SystemNews extends Asked<SystemShown> {
  readonly #time: ServerClock;
  #over: (() => void) | undefined;

  constructor(client: Client, time: ServerClock) {
    super(client, "system", "system");
    this.#time = time;
  }

  protected override begin(): () => void {
    return together(super.begin(), () => this.#over?.());
  }

  protected async answer(signal?: AbortSignal): Promise<Loaded> {
    return (await this.client.rest.send("GET", "/system", { signal })) as unknown as Loaded;
  }

  protected show(): SystemShown {
    const found = this.client.cache.all("system") as unknown as System[];
    const left = found.flatMap(({ startsAt, endsAt, updatedAt }) => [
      ...[startsAt, endsAt].flatMap((moment) => (moment === undefined ? [] : [this.#time.left(moment)])),
      this.#time.left(endsAt ?? updatedAt) + SHOWN,
    ]);
    this.#over?.();
    const next = Math.min(...left.filter((milliseconds) => milliseconds > 0));
    this.#over = this.isWatched ? this.client.clock.after(next, () => this.changed()) : undefined;
    const broadcasts = found.filter(({ kind, updatedAt }) => kind === "broadcast" && this.#time.left(updatedAt) > -SHOWN);
    return {
      maintenance: found.map((state) => this.#maintenance(state)).find((one) => one !== undefined),
      broadcasts: broadcasts.toSorted((one, other) => (one.updatedAt < other.updatedAt ? 1 : -1)),
      isPending: !this.isWhole,
      error: this.error,
    };
  }

  #maintenance({ kind, text, startsAt, endsAt, updatedAt }: System): Maintenance | undefined {
    if (kind !== "maintenance" || startsAt === undefined || endsAt === undefined || this.#time.left(endsAt) <= -SHOWN) return undefined;
    const [isOn, isLate] = [this.#time.left(startsAt) <= 0, this.#time.left(endsAt) <= 0];
    const [startsHere, endsHere] = [this.#time.here(startsAt), this.#time.here(endsAt)];
    return { text, announced: { startsAt, endsAt }, startsAt: startsHere, endsAt: endsHere, isOn, isLate, updatedAt };
  }
}
