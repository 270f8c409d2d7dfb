/** What a newer server says that this client does not know, and whatever one of the previous contract says. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Cache } from "../src/cache.js";
import { readFrame, readSync } from "../src/protocol.js";
import { Model, MINE, NORTH } from "./support/model.js";
import { World } from "./support/world.js";

const OFFICE = "office:downtown";
const SAID_BY_CLIENTS = new Set(["sync", "ping", "auth", "presence", "lock", "unlock", "view", "typing"]);

interface Schema {
  readonly oneOf?: readonly { readonly $ref: string }[];
  readonly examples?: readonly object[];
}

interface Asyncapi {
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly examples: readonly { readonly payload: object }[] }>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

function commitOf(...events: object[]): string {
  const told = { room: NORTH, epoch: "life-1", seq: 1, id: "c1", at: "2026-03-01T09:00:00.000Z", by: "ben" };
  return JSON.stringify({ commits: [{ ...told, mood: "good", events }] });
}

function applied(text: string, cache: Cache): void {
  const frame = readFrame(text);
  if (!frame || !("commits" in frame)) throw new Error("no commits");
  for (const commit of frame.commits) cache.apply(commit);
}

function toldOf(version: number, verb: string, more: object): object {
  return { type: `escrow:${verb}`, data: { escrowId: "e1", version, ...more } };
}

describe("a newer server", () => {
  const record = { id: "e1", version: 1, room: NORTH, status: "active", colour: "red" };

  test("may tell of things yet unknown, beside what is known", () => {
    const cache = new Cache({ partial: true });
    applied(
      commitOf(
        { type: "drone:landed", data: { place: "roof" } },
        { type: "escrow:hummed", data: { tune: "x" } },
        toldOf(1, "created", { escrow: record }),
        { type: "no colon", data: {} },
      ),
      cache,
    );
    expect(cache.all("escrow")).toEqual([record]);
    expect(cache.wanted).toEqual([]);
  });

  test("may change a record by a verb, to a status and by a field yet unknown", () => {
    const cache = new Cache();
    applied(commitOf(toldOf(1, "created", { escrow: record })), cache);
    const changes = { status: "funded", wiredCents: 7, version: 2 };
    applied(commitOf(toldOf(2, "funded", { changes })), cache);
    expect(cache.all("escrow")).toEqual([{ ...record, ...changes }]);
  });

  test("may have rooms of a kind yet unknown, which are followed like any other", async () => {
    const world = await new World({ model: new Model(NORTH, MINE, OFFICE) }).connected();
    world.model.create("e1", OFFICE);
    await world.create("e2");
    expect(world.commits).toEqual([
      [OFFICE, 1],
      [NORTH, 1],
    ]);
  });

  test("may say frames and members of frames yet unknown", async () => {
    expect(readFrame('{"weather": "fine"}')).toBeUndefined();
    expect(readFrame('{"reply": "1", "ok": true, "colour": "red"}')).toMatchObject({ reply: "1" });
    const world = await new World().connected();
    world.server.live.post('{"weather": "fine"}');
    await world.create("e1");
    expect(world.commits).toEqual([[NORTH, 1]]);
    expect(world.statuses).toEqual(["connecting", "connected"]);
  });
});

test("whatever functions of the previous contract say over sockets is read", () => {
  const path = new URL("../../../docs/previous/asyncapi.json", import.meta.url);
  const { messages, schemas } = (JSON.parse(readFileSync(path, "utf8")) as Asyncapi).components;
  const cache = new Cache();
  for (const [name, { examples }] of Object.entries(messages)) {
    if (SAID_BY_CLIENTS.has(name)) continue;
    for (const { payload } of examples) {
      const frame = readFrame(JSON.stringify(payload));
      expect(frame, name).toBeDefined();
      if (frame && "content" in frame && name === "syncReply") expect(readSync(frame.content).rooms).toBeDefined();
      if (!frame || !("commits" in frame)) continue;
      for (const commit of frame.commits) cache.apply(commit);
    }
  }
  const events = (schemas.Event?.oneOf ?? []).flatMap(({ $ref }) => schemas[$ref.split("/").at(-1) ?? ""]?.examples ?? []);
  expect(events.length).toBeGreaterThan(50);
  for (const event of events) applied(commitOf(event), cache);
  expect(cache.all("escrow").length).toBeGreaterThan(0);
});
