/**
 * One socket for all tabs of a person in a browser. The tab that holds a lock leads: it has the socket, and passes on what
 * comes. The others have sockets that lead to it; each keeps its own order and asks for what it missed, so a change of
 * leader loses nothing.
 *
 * A leader that dies gives its lock back. One that is frozen does not answer, and loses it to one who asks twice. One that
 * is hidden, whose timers are slow, gives it to one that is not.
 */

import { Bell } from "../bell.js";
import type { Client } from "../client.js";
import type { Channel, RequestLock, Socket } from "../environment.js";
import type { Gate, Link, Renewal, Told } from "../gate.js";
import type { Message, Words } from "./messages.js";
import { Relay } from "./relay.js";

const ANSWER_WITHIN = 2_000;
const ASK_AGAIN_WITHIN = 1_000;
const CHECK = 10_000;
const HIDDEN_FOR_LONG = 60_000; // who only looks at another tab for a moment costs no change-over

export interface TabsOptions {
  /** The same as the client's. */
  readonly user: string;
  /** Called when this tab begins to lead, and when it does no more. */
  readonly onLead?: (leads: boolean) => void;
}

interface Shared {
  readonly lock: RequestLock;
  readonly channel: Channel;
  /** Ends this tab's part in it. */
  readonly life: AbortController;
}

/** A socket that leads to the tab that leads. */
interface Borrowed {
  readonly socket: Socket;
  readonly life: AbortController;
}

export class Tabs implements Gate {
  readonly #direct: Gate;
  readonly #client: Client;
  readonly #name: string;
  readonly #onLead: (leads: boolean) => void;
  readonly #id: string;
  readonly #relay: Relay;
  readonly #news = new Bell();
  readonly #woken = new Bell();
  readonly #borrowed = new Map<string, Borrowed>();
  #shared: Shared | undefined;
  #leads = false;
  #silence = 0;
  /** The tab that leads and has a socket, and what silence it bears. */
  #leader: { readonly id: string; readonly silence: number } | undefined;
  /** When a tab that leads was heard the last time. */
  #heardAt = -Infinity;
  /** It has not answered when it was asked. */
  #suspected = false;
  #resign = (): void => undefined;
  #queued: AbortController | undefined;
  #hiddenAt = -Infinity;
  #count = 0;
  /** No other tab has been heard: each says something before it needs anything. */
  #isAlone = true;

  constructor(direct: Gate, client: Client, { user, onLead = () => undefined }: TabsOptions) {
    this.#direct = direct;
    this.#client = client;
    this.#name = `openhouse:${user}`;
    this.#onLead = onLead;
    this.#id = client.environment.uuid().slice(0, 8);
    this.#relay = new Relay({
      frame: (frame) => {
        if (!this.#isAlone) this.#say({ frame });
      },
      reply: (socket, frame) => this.#say({ socket, frame }),
      gone: (last) => {
        if (last && this.#leads) this.#say({ down: client.state });
      },
    });
    client.environment.onLeave(() => (this.#hiddenAt = client.clock.elapsed()));
    client.onState((state) => {
      if (this.#leads && !this.#relay.isUp) this.#say({ down: state });
    });
  }

  /** Whether this tab has the socket, or is the only one. */
  get leads(): boolean {
    const { lock, channel } = this.#client.environment;
    return this.#leads || !lock || !channel;
  }

  get told(): Told | undefined {
    return this.#direct.told;
  }

  async open(signal: AbortSignal): Promise<Link> {
    const { clock } = this.#client;
    this.#shared ??= this.#join();
    const shared = this.#shared;
    if (!shared) return this.#direct.open(signal);
    let answered = false;
    for (;;) {
      if (this.#leads) return this.#openDirect(signal);
      if (this.#leader && clock.elapsed() - this.#heardAt < CHECK) return this.#borrow(this.#leader.silence);
      if (!answered) this.#hello();
      const pause = answered ? CHECK : this.#suspected ? 0 : ANSWER_WITHIN;
      const rung = await clock.sleep(pause, signal, this.#news);
      if (!rung && !answered) {
        this.#leader = undefined;
        await this.#takeOver(shared, signal);
      }
      answered = rung;
    }
  }

  async renew(signal: AbortSignal): Promise<Renewal> {
    return this.#direct.renew(signal);
  }

  wake(retry: boolean): void {
    if (this.#leads) return;
    this.#woken.ring();
    if (this.#borrowed.size === 0) this.#news.ring();
    this.#hello();
    if (this.#leader ?? retry) this.#say({ to: this.#leader?.id ?? "", wake: true, retry });
  }

  close(): void {
    this.#queued?.abort();
    this.#resign();
    this.#shared?.life.abort();
    this.#shared?.channel.close();
    this.#shared = this.#leader = undefined;
    this.#client.mirror(undefined);
    this.#setLeads(false);
  }

  // Who leads ---------------------------------------------------------------------------------------------------------

  #join(): Shared | undefined {
    const { lock, channel: open } = this.#client.environment;
    if (!lock || !open) return undefined;
    const channel = open(`${this.#name}:socket`);
    channel.onmessage = ({ data }) => this.#hear(data as Message);
    const shared: Shared = { lock, channel, life: new AbortController() };
    this.#campaign(shared, false);
    return shared;
  }

  /** Waits for the lock, or takes it from whoever has it, and leads for as long as it has it. */
  #campaign({ lock, life }: Shared, steal: boolean): void {
    this.#queued?.abort();
    this.#queued = new AbortController();
    const { signal } = this.#queued;
    const held = async (): Promise<void> => {
      if (life.signal.aborted) return;
      this.#leader = undefined;
      this.#setLeads(true);
      if (this.#borrowed.size > 0) this.#client.changeOver();
      this.#news.ring();
      await new Promise<void>((resolve) => (this.#resign = resolve));
    };
    void lock(`${this.#name}:leader`, steal ? { steal } : { signal }, held).catch(() => {
      if (signal.aborted || life.signal.aborted) return;
      this.#setLeads(false); // taken by another: its own socket goes on until that one has its own
      this.#hello();
      if (this.#shared?.life === life) this.#campaign(this.#shared, false);
    });
  }

  /** Nobody has answered: unless somebody does now, the one who leads is frozen. One tab at a time finds that out. */
  async #takeOver(shared: Shared, signal: AbortSignal): Promise<void> {
    const { clock } = this.#client;
    await shared.lock(`${this.#name}:take-over`, { signal }, async () => {
      if (this.#leads || this.#leader) return;
      this.#hello();
      if (await clock.sleep(ASK_AGAIN_WITHIN, signal, this.#news)) return;
      this.#campaign(shared, true);
      await clock.sleep(ASK_AGAIN_WITHIN, signal, this.#news);
    });
  }

  #setLeads(leads: boolean): void {
    if (leads === this.#leads) return;
    this.#leads = leads;
    this.#onLead(leads);
  }

  // What tabs say -----------------------------------------------------------------------------------------------------

  #hello(): void {
    this.#say({ hello: true, visible: this.#client.environment.visible() });
  }

  #say(words: Words): void {
    this.#shared?.channel.postMessage({ ...words, from: this.#id });
  }

  #hear(message: Message): void {
    this.#isAlone = false;
    if ("hello" in message) this.#answer(message.from, message.visible);
    else if ("send" in message) {
      if (message.to === this.#id) this.#relay.send(message.socket, message.send);
    } else if ("wake" in message) {
      if (!this.#leads || (message.to !== this.#id && message.to !== "")) return;
      if (message.retry) this.#client.retry();
      else this.#client.wake();
    } else if ("yields" in message) {
      if (message.yields === this.#id && this.#shared && !this.#leads && this.#client.environment.visible()) {
        this.#campaign(this.#shared, true);
      }
    } else this.#hearLeader(message);
  }

  #answer(from: string, visible: boolean): void {
    if (!this.#leads) return;
    if (this.#relay.isUp) this.#say({ up: this.#silence });
    else this.#say({ down: this.#client.state });
    const { environment, clock } = this.#client;
    const isSlow = !environment.visible() && clock.elapsed() - this.#hiddenAt > HIDDEN_FOR_LONG;
    if (visible && isSlow) this.#say({ yields: from });
  }

  #hearLeader(message: Extract<Message, { up: number } | { down: unknown } | { frame: string }>): void {
    this.#heardAt = this.#client.clock.elapsed();
    this.#suspected = false;
    if ("frame" in message) {
      const { socket, frame } = message;
      for (const [name, borrowed] of this.#borrowed) {
        if (socket === undefined || socket === name) borrowed.socket.onmessage?.({ data: frame });
      }
    } else if ("up" in message) {
      this.#leader = { id: message.from, silence: message.up };
      this.#client.mirror(undefined);
      // It led until now, and its own socket is not needed any more.
      if (!this.#leads && this.#relay.isUp) this.#client.changeOver();
      this.#news.ring();
    } else if (!this.#leads) {
      if (this.#leader?.id === message.from) this.#leader = undefined;
      if (!this.#leader) this.#lose();
      this.#client.mirror(message.down.status === "connected" ? undefined : message.down);
      this.#news.ring();
    }
  }

  // Sockets -----------------------------------------------------------------------------------------------------------

  async #openDirect(signal: AbortSignal): Promise<Link> {
    try {
      const link = await this.#direct.open(signal);
      this.#silence = link.silence;
      const socket = this.#relay.share(link.socket);
      this.#say({ up: link.silence });
      return { ...link, socket };
    } catch (error) {
      if (!this.#relay.isUp) {
        this.#lose(); // what was borrowed from the one before leads nowhere
        this.#say({ down: this.#client.state });
      }
      throw error;
    }
  }

  #borrow(silence: number): Link {
    const name = `${this.#id}-${++this.#count}`;
    const life = new AbortController();
    const socket: Socket = {
      onopen: null,
      onmessage: null,
      onclose: null,
      send: (text) => this.#say({ to: this.#leader?.id ?? "", socket: name, send: text }),
      close: () => {
        life.abort();
        this.#borrowed.delete(name);
      },
    };
    this.#borrowed.set(name, { socket, life });
    void this.#watch(life.signal).catch(() => undefined);
    return { socket, silence, lasts: Infinity };
  }

  /** Somebody looks at this tab: it has to know soon if the one who leads is frozen. */
  async #watch(signal: AbortSignal): Promise<void> {
    const { clock, environment } = this.#client;
    for (;;) {
      const woken = await clock.sleep(CHECK, signal, this.#woken);
      const askedAt = clock.elapsed();
      if (this.#leads || !environment.visible() || (!woken && askedAt - this.#heardAt < CHECK)) continue;
      if (!woken) this.#hello();
      await clock.sleep(ANSWER_WITHIN, signal);
      if (!this.#leads && this.#heardAt < askedAt) {
        this.#leader = undefined;
        this.#suspected = true;
        this.#lose();
      }
    }
  }

  /** The sockets that led to another tab are gone. */
  #lose(): void {
    for (const { socket } of this.#borrowed.values()) {
      socket.onclose?.({ code: 1006, reason: "" });
      socket.close();
    }
  }
}
