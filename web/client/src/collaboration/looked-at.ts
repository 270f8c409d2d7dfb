/** Which ends of things somebody has looked at: kept in this browser, the same in all its tabs. */

import type { Client } from "../client.js";
import type { Channel } from "../environment.js";

type Kept = Pick<Storage, "getItem" | "setItem">;

/** `before`: what had ended by then, in ISO 8601, when this browser was first used. */
interface Looked {
  readonly before: string;
  readonly ids: readonly string[];
}

const MOST = 200; // ids; the oldest are listed no more by then

export class LookedAt {
  readonly #client: Client;
  readonly #name: string;
  readonly #changed: () => void;
  #storage: Kept | undefined;
  #channel: Channel | undefined;
  #looked: Looked | undefined;

  constructor(client: Client, path: string, changed: () => void) {
    this.#client = client;
    this.#name = `openhouse:${client.user}:${path}`;
    this.#changed = changed;
  }

  /** Hears of what is looked at in other tabs. Returns how to stop. */
  follow(): () => void {
    const { environment } = this.#client;
    try {
      this.#storage = environment.kept ?? globalThis.localStorage;
    } catch {
      // refused, as in some private windows: for this visit then
    }
    this.#read();
    const channel = (this.#channel = environment.channel?.(this.#name));
    if (channel) {
      channel.onmessage = ({ data }) => void this.#take(data as string[]);
    }
    return () => {
      channel?.close();
      this.#channel = undefined;
    };
  }

  /** What has ended is known, if this is the first time. */
  start(ended: readonly string[]): void {
    if (!this.#looked) this.#keep({ before: ended.toSorted().at(-1) ?? "", ids: [] });
  }

  has(id: string, endedAt: string): boolean {
    return !this.#looked || endedAt <= this.#looked.before || this.#looked.ids.includes(id);
  }

  add(ids: readonly string[]): void {
    if (this.#take(ids)) this.#channel?.postMessage(ids);
  }

  /** Whether that is new here; another tab may have kept it already. */
  #take(ids: readonly string[]): boolean {
    const known = new Set(this.#looked?.ids);
    this.#read();
    const all = [...new Set([...(this.#looked?.ids ?? []), ...ids])];
    if (all.every((id) => known.has(id))) return false;
    this.#keep({ before: this.#looked?.before ?? "", ids: all.slice(-MOST) });
    this.#changed();
    return true;
  }

  #keep(looked: Looked): void {
    this.#looked = looked;
    try {
      this.#storage?.setItem(this.#name, JSON.stringify(looked));
    } catch {
      // it is full
    }
  }

  #read(): void {
    const text = this.#storage?.getItem(this.#name);
    if (text) this.#looked = JSON.parse(text) as Looked;
  }
}
