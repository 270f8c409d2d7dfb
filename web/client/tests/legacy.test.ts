/** Old dashboards hear in their own words. */

import { expect, test } from "vitest";
import { legacy } from "../src/legacy.js";
import type { DataUpdate } from "../src/legacy.js";
import { NORTH } from "./support/model.js";
import { World } from "./support/world.js";

test("every change is told once as data:update with the record, until that is stopped", async () => {
  const world = await new World().connected();
  const told: DataUpdate[] = [];
  const stop = legacy(world.client, { emit: (name, update) => told.push((expect(name).toBe("data:update"), update)) });
  await world.create("e1");
  world.model.update("e1", { city: "Chico" });
  await world.create();
  const record = world.model.records.get("e1");
  world.model.delete("e1");
  await world.create();
  expect(told).toEqual([
    { entityType: "escrow", entityId: "e1", action: "create", data: { id: "e1", version: 1, room: NORTH } },
    { entityType: "escrow", entityId: "e1", action: "update", data: record },
    { entityType: "escrow", entityId: "e1", action: "delete", data: undefined },
  ]);
  stop();
  await world.create("e2");
  expect(told.length).toBe(3);
});

test("what cannot be replayed is told of every kind, as all of it may have changed", async () => {
  const world = await new World().connected();
  const told: DataUpdate[] = [];
  legacy(world.client, { emit: (_name, update) => told.push(update) });
  world.model.rebuild(NORTH);
  world.server.live.end();
  await world.time.advance(5);
  expect(told.map(({ entityType, entityId }) => [entityType, entityId])).toEqual(
    ["escrow", "listing", "client", "appointment", "lead"].map((noun) => [noun, ""]),
  );
});
