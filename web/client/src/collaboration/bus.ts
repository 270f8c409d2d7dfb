/** What the tabs of a person say to each other about who uses them, and what is looked at in them. */

import type { Client } from "../client.js";
import type { Channel } from "../environment.js";
import type { Key } from "../cache.js";

export type Words =
  /** Which of you are in use? */
  | { readonly who: true }
  /** Somebody touched this tab so many milliseconds ago. */
  | { readonly used: number }
  /** It is hidden, or about to go. */
  | { readonly unused: true }
  /** From the tab that has the socket: the server's time, at what this machine has for it. `moved`: it is another one now. */
  | { readonly now: number; readonly at: number; readonly beat: number; readonly moved: boolean }
  /** The server was told just now that this record is looked at. */
  | { readonly looks: Key }
  /** This tab has a lock, by its id. */
  | { readonly holds: string; readonly token: number };

type Message = Words & { readonly from: string };

export class Bus {
  readonly #client: Client;
  readonly #id: string;
  readonly #hear: (words: Words, from: string) => void;
  #channel: Channel | undefined;

  constructor(client: Client, hear: (words: Words, from: string) => void) {
    this.#client = client;
    this.#id = client.environment.uuid().slice(0, 8);
    this.#hear = hear;
  }

  get id(): string {
    return this.#id;
  }

  open(): void {
    const { environment, user } = this.#client;
    this.#channel ??= environment.channel?.(`openhouse:${user}:together`);
    if (!this.#channel) return;
    this.#channel.onmessage = ({ data }) => {
      const { from, ...words } = data as Message;
      this.#hear(words, from);
    };
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  say(words: Words): void {
    this.#channel?.postMessage({ ...words, from: this.#id });
  }
}
