/** Which tab of this browser is at work on a record: a Web Lock, which ends with its tab, whatever way that goes. */

import type { Client } from "../client.js";

export class Claim {
  readonly #client: Client;
  readonly #name: string;
  readonly #lost: () => void;
  #drop: (() => void) | undefined;

  /** `lost`: called when another tab has taken it away. */
  constructor(client: Client, lock: string, lost: () => void) {
    this.#client = client;
    this.#name = nameOf(client, lock);
    this.#lost = lost;
  }

  /** Resolves to whether this tab has it. `steal`: also if another one had it. Where tabs cannot agree, each has it. */
  async take(steal = false): Promise<boolean> {
    const { lock } = this.#client.environment;
    if (this.#drop || !lock) return true;
    return new Promise((resolve) => {
      const keep = async (held: boolean): Promise<void> => {
        resolve(held);
        if (held) await new Promise<void>((drop) => (this.#drop = drop));
      };
      lock(this.#name, steal ? { steal } : { ifAvailable: true }, keep).catch(() => {
        resolve(true); // the browser has none to give
        if (!this.#drop) return;
        this.#drop = undefined;
        this.#lost();
      });
    });
  }

  drop(): void {
    this.#drop?.();
    this.#drop = undefined;
  }
}

/** Resolves when no tab has it. */
export async function unclaimed(client: Client, lock: string): Promise<void> {
  await client.environment.lock?.(nameOf(client, lock), {}, async () => undefined);
}

const nameOf = ({ user }: Client, lock: string): string => `openhouse:${user}:edit:${lock}`;
