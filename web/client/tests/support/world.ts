/** A client in a world of its own: a fake server, time that moves when told, and ears that remember. */

import { Client } from "../../src/client.js";
import type { ClientOptions } from "../../src/client.js";
import type { Environment } from "../../src/environment.js";
import type { Recovered, State } from "../../src/listener.js";
import type { WireCommit } from "../../src/protocol.js";
import { MINE, Model, NORTH, NOUN } from "./model.js";
import { FakeServer } from "./server.js";
import { FakeTime } from "./time.js";

export const TIMINGS = { silence: 30_000, gap: 200, rotate: 86_400_000 };

export interface WorldOptions extends Partial<ClientOptions> {
  readonly random?: number;
  readonly model?: Model;
  readonly time?: FakeTime;
  readonly server?: FakeServer;
  /** What is otherwise here. */
  readonly adapt?: (environment: Environment) => Environment;
}

export class World {
  readonly time: FakeTime;
  readonly model: Model;
  readonly server: FakeServer;
  readonly client: Client;
  readonly states: State[] = [];
  /** Room and seq of every commit whose events were told. */
  readonly commits: [string, number][] = [];
  /** The same, once for each commit, as they came. */
  readonly heard: WireCommit[] = [];
  readonly events: string[] = [];
  readonly recoveries: Recovered[] = [];
  readonly reported: unknown[] = [];
  isOnline = true;
  isVisible = true;
  tokens = 0;
  readonly #wakers = new Set<() => void>();
  readonly #leavers = new Set<() => void>();
  readonly #touchers = new Set<() => void>();
  /** What outlives a reload of the page. */
  session = new Map<string, string>();

  constructor({ random = 0.5, adapt = (same) => same, ...options }: WorldOptions = {}) {
    this.time = options.time ?? new FakeTime();
    this.server = options.server ?? new FakeServer(options.model ?? new Model(NORTH, MINE), this.time);
    this.model = this.server.model;
    this.client = new Client({
      httpUrl: "http://fake",
      user: "ava",
      token: async () => `token-${++this.tokens}`,
      environment: adapt(this.environment(random)),
      ...options,
      timings: { ...TIMINGS, ...options.timings },
    });
    this.client.onState((state) => this.states.push(state));
    this.client.onRecovered((recovered) => this.recoveries.push(recovered));
    this.client.on("*", (event, commit) => {
      this.events.push(event.type);
      if (!commit) return;
      this.commits.push([commit.room, commit.seq]);
      this.heard.push(commit);
    });
  }

  environment(random: number): Environment {
    const { time, server } = this;
    return {
      now: () => time.now(),
      performance: () => time.performance(),
      setTimeout: (call, milliseconds) => time.setTimeout(call, milliseconds),
      clearTimeout: (timer) => time.clearTimeout(timer),
      random: () => random,
      uuid: () => `uuid-${++this.tokens}`,
      fetch: (url, request) => server.fetch(url, request),
      socket: (url) => server.socket(url),
      visible: () => this.isVisible,
      online: () => this.isOnline,
      onWake: (wake) => {
        this.#wakers.add(wake);
        return () => this.#wakers.delete(wake);
      },
      onLeave: (leave) => {
        this.#leavers.add(leave);
        return () => this.#leavers.delete(leave);
      },
      onTouch: (touched) => {
        this.#touchers.add(touched);
        return () => this.#touchers.delete(touched);
      },
      session: {
        getItem: (name) => this.session.get(name) ?? null,
        setItem: (name, value) => void this.session.set(name, value),
        removeItem: (name) => void this.session.delete(name),
      },
      lock: undefined,
      channel: undefined,
      report: (error) => this.reported.push(error),
    };
  }

  async connected(): Promise<this> {
    this.client.connect();
    await this.time.advance(0.01);
    return this;
  }

  /** The browser says that the network is back, or that somebody looks at the page. */
  async wake(): Promise<void> {
    for (const waker of this.#wakers) waker();
    await this.time.advance(0);
  }

  /** The page may be about to go. */
  async leave(): Promise<void> {
    for (const leaver of this.#leavers) leaver();
    await this.time.advance(0);
  }

  /** Somebody does something in the page. */
  async touch(): Promise<void> {
    for (const toucher of this.#touchers) toucher();
    await this.time.advance(0);
  }

  /** Somebody looks at the page, which was hidden. */
  async show(): Promise<void> {
    this.isVisible = true;
    await this.wake();
    await this.touch();
  }

  async hide(): Promise<void> {
    this.isVisible = false;
    await this.leave();
  }

  get statuses(): string[] {
    return this.states.map(({ status }) => status);
  }

  get seqs(): number[] {
    return this.commits.filter(([room]) => room === NORTH).map(([, seq]) => seq);
  }

  /** What it keeps loaded, as a list on the screen does. */
  useEscrows(): () => void {
    return this.client.use({ noun: NOUN, load: (signal) => this.client.rest.list("escrow", {}, signal) });
  }

  async create(...ids: string[]): Promise<void> {
    for (const id of ids) this.model.create(id);
    this.server.publish();
    await this.time.advance(0);
  }

  /** The latest commit, on one socket only. */
  post(socket: number): void {
    const commit = this.model.stream.at(-1);
    this.server.sockets[socket]?.post(JSON.stringify({ commits: [commit] }));
    this.server.passOver();
  }
}
