/** Random histories around one client: after any of them its copy is what the server has. */

import { expect, test } from "vitest";
import { Cache, keyOf } from "../src/cache.js";
import type { Fetch, Key } from "../src/cache.js";
import { Feed, NOWHERE } from "../src/feed.js";
import type { Position, Positions, SyncReply, WireCommit } from "../src/protocol.js";
import { Room } from "../src/room.js";
import { chance, oneOf } from "./support/chance.js";
import { Model, MINE, NORTH, NOUN } from "./support/model.js";

const ROOMS = [NORTH, MINE];
const EVERYWHERE = [...ROOMS, "elsewhere"];

/** Begun, then read by the server step by step, then answered. */
interface Request {
  readonly fetch: Fetch;
  readonly steps: (() => unknown)[];
  readonly answers: unknown[];
  readonly load: (request: Request) => void;
}

class History {
  readonly model = new Model(...ROOMS);
  readonly cache = new Cache();
  readonly feed = new Feed({}, (position) => new Room(position, 4));
  readonly #random: () => number;
  #network: WireCommit[] = [];
  #arrived: WireCommit[] = [];
  #posted = 0;
  #requests: Request[] = [];
  #refetching: Request | undefined;
  #reply: { asked: Positions; reply: SyncReply; part: boolean } | undefined;
  #created = 0;

  constructor(seed: number) {
    this.#random = chance(seed);
    for (let count = 0; count < 3; count++) this.#create();
    this.rest();
  }

  run(steps: number): void {
    const often = [
      () => this.#update(),
      () => this.#move(),
      () => this.#deliverAll(),
      () => this.#deliverOne(),
      () => this.#goOn(),
      () => this.#goOn(),
      () => this.#goOnRefetching(),
    ];
    const seldom = [
      () => this.#create(),
      () => this.#delete(),
      () => this.#drop(),
      () => this.#repeat(),
      () => this.#ask(),
      () => this.#take(),
      () => this.#ping(),
      () => this.#readWanted(),
    ];
    const rarely = [() => this.#rebuild(), () => this.#expire(), () => this.#disconnect()];
    const times = (count: number, acts: (() => void)[]): (() => void)[] =>
      Array.from({ length: count }, () => acts).flat();
    const acts = [...times(6, often), ...times(4, seldom), ...rarely];
    for (let step = 0; step < steps; step++) this.#one(acts)();
  }

  /** Nobody changes anything any more; what is under way ends, and the client does what its needs say. */
  rest(): void {
    while (this.#refetching) this.#goOnRefetching();
    while (this.#requests.length > 0) this.#goOn();
    this.#take();
    this.#ping();
    for (let round = 0; round < 1_000; round++) {
      if (this.#refetching) this.#goOnRefetching();
      else if (this.feed.behind) {
        this.#ask();
        this.#deliverAll();
        this.#take();
      } else if (this.cache.wanted.length > 0) {
        this.#readWanted();
        while (this.#requests.length > 0) this.#goOn();
      } else return;
    }
    throw new Error("it never comes to rest");
  }

  #one<Thing>(things: readonly Thing[]): Thing {
    return oneOf(things, this.#random);
  }

  #some(): string | undefined {
    return this.model.records.size > 0 ? this.#one([...this.model.records.keys()].toSorted()) : undefined;
  }

  #create(): void {
    this.model.create(`e${++this.#created}`, this.#one(EVERYWHERE), { city: "Davis" }, this.#random() < 0.2);
  }

  #update(): void {
    const id = this.#some();
    if (id !== undefined) this.model.update(id, { city: this.#one(["Chico", "Fresno", null]) }, this.#random() < 0.2);
  }

  #delete(): void {
    const id = this.#some();
    if (id !== undefined) this.model.delete(id);
  }

  #move(): void {
    const [id, room] = [this.#some(), this.#one(EVERYWHERE)];
    if (id !== undefined && this.model.records.get(id)?.room !== room) this.model.move(id, room, this.#random() < 0.2);
  }

  #rebuild(): void {
    this.#post();
    this.model.rebuild(this.#one(ROOMS));
  }

  #expire(): void {
    this.model.expire(this.#one(ROOMS), 1 + Math.floor(this.#random() * 5));
  }

  #post(): void {
    this.#network.push(...this.model.stream.slice(this.#posted));
    this.#posted = this.model.stream.length;
  }

  #picked(): WireCommit[] {
    this.#post();
    return this.#network.splice(Math.floor(this.#random() * this.#network.length), 1);
  }

  #deliverOne(): void {
    this.#receive(this.#picked());
  }

  #deliverAll(): void {
    this.#post();
    this.#receive(this.#network.splice(0));
  }

  #drop(): void {
    this.#arrived.push(...this.#picked());
  }

  #repeat(): void {
    if (this.#arrived.length > 0) this.#receive([this.#one(this.#arrived)]);
  }

  #disconnect(): void {
    this.#post();
    this.#network = [];
    this.#reply = undefined;
  }

  #ask(): void {
    if (this.#reply || this.#refetching) return;
    const part = this.#random() < 0.3;
    let asked = this.feed.positions();
    if (part) {
      const room = this.#one(this.model.rooms);
      asked = { [room]: asked[room] ?? NOWHERE };
    }
    const { commits, ...reply } = this.model.sync(asked, part, 1 + Math.floor(this.#random() * 4));
    this.#network.push(...commits);
    this.#reply = { asked, reply, part };
  }

  #take(): void {
    if (!this.#reply) return;
    const { asked, reply, part } = this.#reply;
    this.#reply = undefined;
    expect(this.feed.resumed(asked, reply, part)).toEqual([]);
    if (part) this.feed.joined(this.model.heads());
    const lost = Object.keys(this.feed.lost);
    if (lost.length === 0) return;
    this.#refetching = {
      fetch: this.cache.fetching(),
      steps: [() => this.model.heads(), ...ROOMS.map((room) => () => this.#items(room))],
      answers: [],
      load: ({ fetch, answers: [heads, ...pages] }) => {
        this.cache.loadAll([[NOUN, (pages as ReturnType<Model["items"]>[]).flat()]], fetch, new Set(lost));
        const found = heads as Positions;
        this.#apply(this.feed.reset(Object.fromEntries(lost.map((room) => [room, found[room] as Position]))));
      },
    };
  }

  #goOnRefetching(): void {
    if (this.#refetching && this.#goOnWith(this.#refetching)) this.#refetching = undefined;
  }

  #ping(): void {
    this.feed.heard(this.model.heads());
  }

  #readWanted(): void {
    const [key] = this.cache.wanted;
    if (key === undefined) return;
    const load = ({ fetch, answers: [found] }: Request): void => {
      this.cache.loadWanted(key, found as never, fetch);
    };
    this.#requests.push({ fetch: this.cache.fetching(), steps: [() => this.#visible(key)], answers: [], load });
  }

  #goOn(): void {
    if (this.#requests.length === 0) return;
    const request = this.#one(this.#requests);
    if (this.#goOnWith(request)) this.#requests = this.#requests.filter((one) => one !== request);
  }

  #goOnWith(request: Request): boolean {
    const step = request.steps.shift();
    if (step) {
      request.answers.push(step());
      return false;
    }
    request.load(request);
    this.cache.done(request.fetch);
    return true;
  }

  #items(room: string): ReturnType<Model["items"]> {
    return this.model.items().filter((record) => record.room === room);
  }

  #visible(key: Key): ReturnType<Model["items"]>[number] | undefined {
    return this.model.items().find(({ id }) => keyOf(NOUN, id) === key);
  }

  #receive(commits: readonly WireCommit[]): void {
    this.#arrived.push(...commits);
    this.#apply(this.feed.receive(commits));
  }

  #apply(commits: readonly WireCommit[]): void {
    for (const commit of commits) this.cache.apply(commit);
  }
}

test.each([10, 40, 160])("after any history of %d steps the copy equals the server's", (steps) => {
  for (let seed = 1; seed <= 100; seed++) {
    const history = new History(seed);
    history.run(steps);
    history.rest();
    expect(Object.fromEntries(history.cache.entries()), `seed ${seed}`).toEqual(history.model.visible());
    expect(history.feed.positions(), `seed ${seed}`).toEqual(history.model.heads());
  }
});
