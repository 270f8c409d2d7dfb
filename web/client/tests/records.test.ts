/** The records of a live client: kept right by patches alone, whatever races with them. */

import { describe, expect, test } from "vitest";
import { MINE, NORTH } from "./support/model.js";
import { World } from "./support/world.js";

async function loaded(): Promise<World> {
  const world = new World();
  world.model.create("e1", NORTH, { city: "Davis" });
  world.model.create("e2");
  world.server.passOver();
  await world.connected();
  await world.client.load("escrow", () => world.client.rest.list("escrow", { limit: 2 }));
  return world;
}

function ours(world: World): object {
  return Object.fromEntries(world.client.cache.entries());
}

describe("records", () => {
  test("follow every change by others without a request", async () => {
    const world = await loaded();
    const changed: (readonly string[])[] = [];
    world.client.onChange((keys) => changed.push(keys));
    expect(world.server.asked).toEqual(["GET /escrows?limit=2"]);
    world.model.update("e1", { city: "Chico", zip: "95926" });
    world.model.update("e1", { city: null });
    world.model.create("e3");
    world.model.delete("e2");
    await world.create();
    expect(ours(world)).toEqual(world.model.visible());
    expect(changed).toEqual([["escrow/e1"], ["escrow/e1"], ["escrow/e3"], ["escrow/e2"]]);
    expect(world.server.asked.length).toBe(1);
  });

  test("are never moved back by an answer that was read before a change", async () => {
    const world = await loaded();
    world.server.listsTake = 5;
    const loading = world.client.load("escrow", () => world.client.rest.list("escrow"));
    await world.time.advance(1);
    world.model.update("e1", { city: "Chico" });
    world.model.delete("e2");
    await world.create("e3");
    await world.time.advance(5);
    await loading;
    expect(ours(world)).toEqual(world.model.visible());
  });

  test("are what they were, of older versions too, once the server's tables were restored", async () => {
    const world = new World();
    for (const id of ["e1", "e2", "e3"]) world.model.create(id, NORTH, { city: "Davis" });
    world.server.passOver();
    world.useEscrows();
    await world.connected();
    const then = new Map(world.model.records);
    for (const city of ["Chico", "Lodi"]) world.model.update("e1", { city });
    world.model.delete("e2");
    world.model.move("e3", MINE);
    await world.create("e9");
    const late = world.client.cache.fetching();
    const undone = world.client.record("escrow", "e1");
    world.server.live.end();
    world.model.records.clear();
    for (const [id, record] of then) world.model.records.set(id, record);
    for (const room of [NORTH, MINE]) world.model.rebuild(room);
    await world.time.advance(10);
    expect(ours(world)).toEqual(world.model.visible());
    expect(world.client.cache.load("escrow", undone ? [undone] : [], late)).toEqual([]);
    world.model.update("e1", { city: "Napa" });
    await world.create();
    expect(ours(world)).toEqual(world.model.visible());
  });

  test("that move between rooms of ours stay, in either order of arrival", async () => {
    const world = await loaded();
    world.model.move("e1", MINE);
    world.model.stream.push(...world.model.stream.splice(-2).reverse());
    await world.create();
    expect(ours(world)).toEqual(world.model.visible());
  });

  test("too large to be sent are asked for one by one, again if that fails, and let go if they are gone", async () => {
    const world = await loaded();
    world.model.update("e1", { city: "Chico" }, true);
    world.model.update("e2", {}, true);
    world.server.unreachable = true;
    await world.create();
    expect(world.client.record("escrow", "e1")?.version).toBe(1);
    world.server.unreachable = false;
    world.model.leave(NORTH); // so they are not found; and of that room we hear nothing any more
    world.model.join(NORTH);
    await world.time.advance(60);
    expect(world.client.cache.wanted).toEqual([]);
    expect(world.server.asked).toContain("GET /escrows/e1");
  });

  test.each([1, 8])("that come into use while others are loaded again stay, answered after %i of 5 s", async (takes) => {
    const world = new World();
    const { client, time } = world;
    world.model.create("e1");
    world.model.create("e2");
    world.server.passOver();
    world.server.listsTake = 5;
    client.use({ noun: "escrow", load: (signal) => client.rest.list("escrow", { limit: 1 }, signal) });
    await world.connected();
    client.use({ noun: "escrow", load: async (signal) => ({ items: [await client.rest.read("escrow", "e1", signal)] }) });
    const asked = client.load("escrow", async () => {
      const items = [await client.rest.read("escrow", "e1")];
      await time.wait(takes);
      return { items };
    });
    await time.advance(20);
    await asked;
    expect(ours(world)).toEqual(world.model.visible());
  });

  test("that nobody has asked for are not asked for when they change, but new ones are kept", async () => {
    const world = await new World().connected();
    world.model.create("e1");
    world.server.passOver();
    world.client.disconnect();
    world.client.feed.reset(world.model.heads());
    await world.connected();
    world.model.update("e1", { city: "Chico" });
    await world.create("e2");
    expect(Object.keys(ours(world))).toEqual(["escrow/e2"]);
    expect(world.server.asked).toEqual([]);
  });
});
