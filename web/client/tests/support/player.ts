/** Holds a client's feed and cache to a recording of the simulator (tests/simulator/README.md), from the file alone. */

import { Cache, keyOf, partsOf } from "../../src/cache.js";
import type { AnyRecord, Fetch } from "../../src/cache.js";
import { Feed } from "../../src/feed.js";
import { isDocument } from "../../src/merge-patch.js";
import type { Document } from "../../src/merge-patch.js";
import { readFrame, readPositions, readSync } from "../../src/protocol.js";
import type { Position, Positions, WireCommit } from "../../src/protocol.js";

const NOUN = "deal";

/** One line of a recording; its first member says of which kind. */
interface Step {
  readonly connected?: string;
  readonly disconnected?: string;
  readonly send?: { readonly action: string; readonly id: string; readonly positions?: Positions };
  readonly receive?: string;
  readonly left?: readonly string[];
  readonly get?: number;
  readonly abandoned?: number;
  readonly answer?: number;
  readonly record?: string | AnyRecord | null;
  readonly rooms?: readonly string[];
  readonly items?: readonly AnyRecord[];
  readonly positions?: Positions;
  readonly expect?: { readonly records: Document; readonly positions: Positions };
}

interface Get {
  readonly fetch: Fetch;
  readonly record: string | undefined;
  readonly rooms: ReadonlySet<string>;
}

/** The parts of the client that can be broken on purpose. */
export interface Parts {
  readonly feed?: () => Feed;
  readonly cache?: () => Cache;
}

/** The client would have done something else than it did in the recording. */
export class Deviation extends Error {}

export class Player {
  readonly #feed: Feed;
  readonly #cache: Cache;
  readonly #asked = new Map<string, { readonly action: string; readonly positions: Positions }>();
  readonly #gets = new Map<number, Get>();

  constructor({ feed = () => new Feed(), cache = () => new Cache() }: Parts = {}) {
    this.#feed = feed();
    this.#cache = cache();
  }

  /** Plays the lines of a file, and throws a Deviation where the client does not follow. */
  play(name: string, text: string): void {
    for (const [index, line] of text.trimEnd().split("\n").entries()) {
      try {
        this.#step(JSON.parse(line) as Step);
      } catch (error) {
        if (error instanceof Deviation) throw new Deviation(`${name}, line ${index + 1}: ${error.message}`);
        throw error;
      }
    }
  }

  #step(step: Step): void {
    if (step.connected !== undefined || step.disconnected !== undefined) this.#asked.clear();
    else if (step.send) this.#send(step.send);
    else if (step.receive !== undefined) this.#receive(step.receive);
    else if (step.left) {
      const { left } = step;
      check(!left.some((room) => room in this.#feed.positions()), "it would still be there");
    } else if (step.get !== undefined) this.#get(step.get, step);
    else if (step.abandoned !== undefined) this.#take(step.abandoned);
    else if (step.answer !== undefined) this.#answer(this.#take(step.answer), step);
    else if (step.expect) this.#expect(step.expect.records, step.expect.positions);
    else throw new Error("a step of no known kind");
  }

  #send({ action, id, positions }: NonNullable<Step["send"]>): void {
    const ours = this.#feed.positions();
    if (action === "sync") same(ours, positions, "it would sync from elsewhere");
    this.#asked.set(id, { action, positions: ours });
  }

  #receive(text: string): void {
    const frame = readFrame(text);
    if (!frame) return;
    if ("commits" in frame) this.#apply(this.#feed.receive(frame.commits));
    else if ("reply" in frame && frame.reply !== null) {
      const asked = this.#asked.get(frame.reply);
      this.#asked.delete(frame.reply);
      if (!asked || frame.error) return;
      if (asked.action === "ping") this.#feed.heard(readPositions(frame.content.rooms));
      else if (asked.action === "sync") {
        for (const room of this.#feed.resumed(asked.positions, readSync(frame.content))) this.#cache.leave(room);
      }
    }
  }

  #get(number: number, { record, rooms = [] }: Step): void {
    if (typeof record === "string") {
      check(this.#cache.wanted.includes(keyOf(NOUN, record)), "it would not want that record");
      this.#gets.set(number, { fetch: this.#cache.fetching(), record, rooms: new Set() });
    } else {
      same(Object.keys(this.#feed.lost).sort(), [...rooms].sort(), "it would load other rooms");
      this.#gets.set(number, { fetch: this.#cache.fetching(), record: undefined, rooms: new Set(rooms) });
    }
  }

  #take(number: number): Get {
    const get = this.#gets.get(number);
    if (!get) throw new Error("an answer to no request");
    this.#gets.delete(number);
    this.#cache.done(get.fetch);
    return get;
  }

  #answer({ fetch, record, rooms }: Get, step: Step): void {
    if (record !== undefined) {
      const found = isDocument(step.record) ? step.record : undefined;
      this.#cache.loadWanted(keyOf(NOUN, record), found, fetch);
      return;
    }
    const positions: Record<string, Position> = {};
    for (const room of rooms) {
      const position = step.positions?.[room];
      if (!position) return; // it gives its socket up
      positions[room] = position;
    }
    this.#cache.loadAll([[NOUN, step.items ?? []]], fetch, rooms);
    this.#apply(this.#feed.reset(positions));
  }

  #expect(records: Document, positions: Positions): void {
    // Recorded is a client of records alone; this cache holds live states, too.
    const ours = [...this.#cache.entries()].filter(([key]) => partsOf(key)[0] === NOUN).map(([key, record]) => [partsOf(key)[1], record]);
    same(Object.fromEntries(ours), records, "it would have other records");
    same(this.#feed.positions(), positions, "it would be elsewhere");
  }

  #apply(commits: readonly WireCommit[]): void {
    for (const commit of commits) this.#cache.apply(commit);
  }
}

function check(holds: boolean, complaint: string): void {
  if (!holds) throw new Deviation(complaint);
}

/** Byte for byte, once the members of objects are in one order. */
function same(ours: unknown, expected: unknown, complaint: string): void {
  check(bytes(ours) === bytes(expected), complaint);
}

function bytes(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    isDocument(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
