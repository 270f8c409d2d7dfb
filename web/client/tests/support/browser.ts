/** A browser with tabs: they share time, a server, locks and channels, and can die or be frozen one by one. */

import type { Channel, Environment, RequestLock } from "../../src/environment.js";
import { Offline, memory } from "../../src/offline/index.js";
import { Tabs } from "../../src/tabs/index.js";
import { MINE, Model, NORTH } from "./model.js";
import { FakeServer } from "./server.js";
import type { FakeSocket } from "./server.js";
import { FakeTime } from "./time.js";
import { World } from "./world.js";

interface LockRequest {
  readonly page: Page;
  readonly steal: boolean;
  readonly grant: () => void;
  readonly lose: () => void;
}

/** Web Locks, as their specification has them. */
class FakeLocks {
  readonly #held = new Map<string, LockRequest>();
  readonly #waiting = new Map<string, LockRequest[]>();

  of(page: Page): RequestLock {
    return (name, { signal, steal = false, ifAvailable = false }, work) =>
      new Promise<void>((resolve, reject) => {
        if (ifAvailable && (this.#held.has(name) || this.#queue(name).length > 0)) {
          work(false).then(resolve, reject);
          return;
        }
        const request: LockRequest = {
          page,
          steal,
          grant: () => {
            page.run(() => {
              work(true)
                .then(resolve, reject)
                .finally(() => this.#release(name, request));
            });
          },
          lose: () => page.run(() => reject(new Error("stolen"))),
        };
        signal?.addEventListener("abort", () => {
          if (this.#held.get(name) === request) return;
          this.#waiting.set(
            name,
            this.#queue(name).filter((one) => one !== request),
          );
          reject(signal.reason as Error);
        });
        if (steal) {
          this.#held.get(name)?.lose();
          this.#held.set(name, request);
          request.grant();
        } else {
          this.#waiting.set(name, [...this.#queue(name), request]);
          this.#next(name);
        }
      });
  }

  /** A page that dies gives back what it has, and wants nothing more. */
  die(page: Page): void {
    for (const [name, queue] of this.#waiting)
      this.#waiting.set(
        name,
        queue.filter((one) => one.page !== page),
      );
    for (const [name, request] of this.#held) if (request.page === page) this.#release(name, request);
  }

  #release(name: string, request: LockRequest): void {
    if (this.#held.get(name) !== request) return;
    this.#held.delete(name);
    this.#next(name);
  }

  #next(name: string): void {
    if (this.#held.has(name)) return;
    const [first, ...others] = this.#queue(name);
    if (!first) return;
    this.#waiting.set(name, others);
    this.#held.set(name, first);
    queueMicrotask(first.grant);
  }

  #queue(name: string): LockRequest[] {
    return this.#waiting.get(name) ?? [];
  }
}

class FakeChannel implements Channel {
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  readonly #hub: Set<FakeChannel>;
  readonly #page: Page;

  constructor(page: Page, hub: Set<FakeChannel>) {
    this.#page = page;
    this.#hub = hub;
    hub.add(this);
  }

  postMessage(message: unknown): void {
    if (!this.#hub.has(this)) throw new Error("Channel is closed");
    const data = structuredClone(message);
    for (const other of this.#hub) {
      if (other !== this) queueMicrotask(() => other.#page.run(() => other.onmessage?.({ data })));
    }
  }

  close(): void {
    this.#hub.delete(this);
  }
}

/** What runs in a page that is frozen runs when it is not any more; in one that has died, never. */
class Page {
  state: "alive" | "frozen" | "dead" = "alive";
  #backlog: (() => void)[] = [];

  run(call: () => void): void {
    if (this.state === "alive") call();
    else if (this.state === "frozen") this.#backlog.push(call);
  }

  thaw(): void {
    this.state = "alive";
    for (const call of this.#backlog.splice(0)) call();
  }
}

export class Tab extends World {
  readonly page: Page;
  readonly sockets: readonly FakeSocket[];
  readonly tabs: Tabs;
  offline!: Offline; // opening it takes a while
  leads = false;
  readonly #browser: FakeBrowser;

  constructor(browser: FakeBrowser) {
    const page = new Page();
    const sockets: FakeSocket[] = [];
    const made: { tab?: Tab; tabs?: Tabs } = {};
    super({
      time: browser.time,
      server: browser.server,
      token: async () => `token-${++browser.tokens}`,
      adapt: (environment: Environment): Environment => ({
        ...environment,
        uuid: () => `${String(++browser.ids).padStart(8, "0")}-uuid`,
        setTimeout: (call, milliseconds) => environment.setTimeout(() => page.run(call), browser.slowed(made.tab, milliseconds)),
        tick: (milliseconds, call) => {
          let timer: number | object;
          const wait = (): void => {
            timer = environment.setTimeout(() => {
              wait();
              page.run(call);
            }, milliseconds);
          };
          if (browser.hasWorkers) wait();
          return () => environment.clearTimeout(timer);
        },
        socket: (url) => {
          const socket = browser.server.socket(url);
          socket.inPage = (call) => page.run(call);
          sockets.push(socket);
          return socket;
        },
        kept: browser.storage,
        lock: browser.locks.of(page),
        channel: (name) => new FakeChannel(page, browser.hub(name)),
      }),
      gate: (direct, client) =>
        (made.tabs = new Tabs(direct, client, {
          user: "ava",
          onLead: (leads) => {
            if (!made.tab) return;
            made.tab.leads = leads;
            if (leads) void made.tab.offline.lead();
          },
        })),
    });
    if (!made.tabs) throw new Error("the client wants no gate");
    made.tab = this;
    this.tabs = made.tabs;
    this.page = page;
    this.sockets = sockets;
    this.#browser = browser;
  }

  /** The browser ends the page: nobody in it hears of that. */
  die(): void {
    this.page.state = "dead";
    for (const socket of this.sockets) socket.open = false;
    this.#browser.locks.die(this.page);
  }

  freeze(): void {
    this.page.state = "frozen";
  }

  async thaw(): Promise<void> {
    this.page.thaw();
    await this.time.advance(0);
  }
}

export class FakeBrowser {
  readonly time = new FakeTime();
  readonly model: Model;
  readonly server: FakeServer;
  readonly locks = new FakeLocks();
  readonly kept = new Map<string, unknown>();
  /** Of a browser that keeps something for all its tabs. */
  storage: Pick<Storage, "getItem" | "setItem"> | undefined;
  tokens = 0;
  ids = 0;
  hasWorkers = true;
  /** Timers that a page sets while it is hidden run once a minute. */
  slowsHidden = false;
  readonly #hubs = new Map<string, Set<FakeChannel>>();

  constructor() {
    this.model = new Model(NORTH, MINE);
    this.server = new FakeServer(this.model, this.time);
  }

  slowed(tab: Tab | undefined, milliseconds: number): number {
    if (!tab || tab.isVisible || !this.slowsHidden) return milliseconds;
    const now = this.time.performance();
    return Math.ceil((now + milliseconds) / 60_000) * 60_000 - now;
  }

  hub(name: string): Set<FakeChannel> {
    let hub = this.#hubs.get(name);
    if (!hub) this.#hubs.set(name, (hub = new Set()));
    return hub;
  }

  /** Opens tabs, one after the other. */
  async open(count: number): Promise<Tab[]> {
    const tabs: Tab[] = [];
    for (let number = 0; number < count; number++) {
      const tab = new Tab(this);
      tab.offline = await Offline.open(tab.client, {
        user: "ava",
        store: memory(this.kept),
        leads: () => tab.tabs.leads,
      });
      tabs.push(tab);
      tab.client.connect();
      await this.time.advance(0.1);
    }
    return tabs;
  }

  /** Sockets that are open, of the server's. */
  get sockets(): number {
    return this.server.open.filter(Boolean).length;
  }

  async create(...ids: string[]): Promise<void> {
    for (const id of ids) this.model.create(id);
    this.server.publish();
    await this.time.advance(0);
  }
}
