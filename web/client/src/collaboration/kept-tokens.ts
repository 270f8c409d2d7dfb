/** The tokens of this tab's locks, kept over a reload of it: the server takes it for the same window then. */

import type { Client } from "../client.js";

type Session = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export class KeptTokens {
  readonly #session: Session | undefined;
  readonly #name: string;

  constructor({ user, environment }: Client) {
    this.#name = `openhouse:${user}:locks`;
    try {
      this.#session = environment.session ?? globalThis.sessionStorage;
    } catch {
      // refused, as in some private windows
    }
  }

  get(lock: string): number | undefined {
    return this.#all()[lock];
  }

  /** Without a token, forgets it. */
  set(lock: string, token?: number): void {
    const { [lock]: _before, ...others } = this.#all();
    const all = token === undefined ? others : { ...others, [lock]: token };
    if (Object.keys(all).length > 0) this.#session?.setItem(this.#name, JSON.stringify(all));
    else this.clear();
  }

  clear(): void {
    this.#session?.removeItem(this.#name);
  }

  #all(): Readonly<Record<string, number>> {
    return JSON.parse(this.#session?.getItem(this.#name) ?? "{}") as Record<string, number>;
  }
}
