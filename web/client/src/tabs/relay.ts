/** The sockets of the tab that leads: what comes is told to all tabs, and what they send goes out with it. */

import type { Socket } from "../environment.js";
import { isDocument } from "../merge-patch.js";

export interface Audience {
  /** For all tabs. */
  frame(text: string): void;
  /** For one socket of another tab. */
  reply(socket: string, text: string): void;
  /** A socket is gone; `last`: and there is no other. */
  gone(last: boolean): void;
}

const OF = "."; // between the name of another tab's socket and the id of its request

export class Relay {
  readonly #audience: Audience;
  /** The latest is the one to send on. With each, what others sent over it and got no reply to. */
  readonly #links = new Map<Socket, Map<string, string>>();

  constructor(audience: Audience) {
    this.#audience = audience;
  }

  get isUp(): boolean {
    return this.#links.size > 0;
  }

  /** The socket for this tab's own use. */
  share(inner: Socket): Socket {
    const own: Socket = {
      onopen: null,
      onmessage: null,
      onclose: null,
      send: (text) => inner.send(text),
      close: () => {
        inner.onmessage = inner.onclose = null;
        this.#drop(inner);
        inner.close();
      },
    };
    inner.onmessage = (event) => {
      if (!this.#isForOthers(inner, event.data)) own.onmessage?.(event);
    };
    inner.onclose = (event) => {
      this.#drop(inner);
      own.onclose?.(event);
    };
    this.#links.set(inner, new Map());
    return own;
  }

  /** Another tab's request. If there is no socket just now, it is lost, as on any network. */
  send(socket: string, text: string): void {
    const message: unknown = JSON.parse(text);
    if (!isDocument(message)) return;
    const id = `${socket}${OF}${String(message.id)}`;
    this.#sendAs(id, JSON.stringify({ ...message, id }), message.silent === true);
  }

  #sendAs(id: string, text: string, silent = false): void {
    const last = [...this.#links].at(-1);
    if (!last) return;
    const [inner, unanswered] = last;
    if (!silent) unanswered.set(id, text);
    inner.send(text);
  }

  /** Takes the replies to other tabs' requests; what is no reply is for all. */
  #isForOthers(inner: Socket, data: unknown): boolean {
    if (typeof data !== "string") return false;
    if (!/"reply"\s*:/.test(data)) {
      this.#audience.frame(data);
      return false;
    }
    let content: unknown;
    try {
      content = JSON.parse(data);
    } catch {
      return false; // for this tab's own session to complain about
    }
    if (!isDocument(content) || !("reply" in content)) {
      this.#audience.frame(data);
      return false;
    }
    const [socket, id] = String(content.reply).split(OF);
    if (socket === undefined || id === undefined) return false;
    this.#links.get(inner)?.delete(String(content.reply));
    this.#audience.reply(socket, JSON.stringify({ ...content, reply: id }));
    return true;
  }

  #drop(inner: Socket): void {
    const unanswered = this.#links.get(inner);
    if (!unanswered) return;
    this.#links.delete(inner);
    for (const [id, text] of unanswered) this.#sendAs(id, text); // over the one that has taken over, if there is one
    this.#audience.gone(!this.isUp);
  }
}
