/** Who hears what, and with which type. */

import { describe, expect, expectTypeOf, test } from "vitest";
import type { Escrow, EscrowChanges, Event } from "../src/contract.js";
import { World } from "./support/world.js";

describe("listeners", () => {
  test("hear one name, all of a noun, or all, until they stop", async () => {
    const world = await new World().connected();
    const heard: string[] = [];
    const stops = [
      world.client.on("escrow:updated", ({ type }) => heard.push(`one ${type}`)),
      world.client.on("escrow:*", ({ type }) => heard.push(`noun ${type}`)),
      world.client.on("*", ({ type }) => heard.push(`all ${type}`)),
      world.client.on("lead:*", ({ type }) => heard.push(`other ${type}`)),
    ];
    await world.create("e1");
    expect(heard).toEqual(["noun escrow:created", "all escrow:created"]);
    for (const stop of stops) stop();
    world.model.update("e1", { city: "Davis" });
    await world.create();
    expect(heard.length).toBe(2);
  });

  test("hear an event after the records have followed it, and what it is part of", async () => {
    const world = await new World().connected();
    const seen: unknown[] = [];
    world.client.on("escrow:created", ({ data }, commit) => {
      seen.push(world.client.record("escrow", data.escrowId)?.version, commit?.seq, commit?.by);
    });
    await world.create("e1");
    expect(seen).toEqual([1, 1, "u1"]);
  });

  test("that throw keep nobody else from hearing", async () => {
    const world = new World();
    const heard: string[] = [];
    world.client.on("*", () => {
      throw new Error("mine");
    });
    world.client.on("*", ({ type }) => heard.push(type));
    await world.connected();
    await world.create("e1", "e2");
    expect(heard.length).toBe(2);
    expect(world.reported.map(String)).toEqual(["Error: mine", "Error: mine"]);
    expect(world.client.state.status).toBe("connected");
  });

  test("get the data that the contract has for the name", () => {
    const { client } = new World();
    client.on("escrow:created", ({ data }) => {
      if ("escrow" in data) expectTypeOf(data.escrow).toEqualTypeOf<Escrow>();
    });
    client.on("escrow:closed", ({ data }) => {
      if ("changes" in data) expectTypeOf(data.changes).toEqualTypeOf<EscrowChanges>();
    });
    client.on("escrow:*", (event) => {
      expectTypeOf(event).toEqualTypeOf<Extract<Event, { type: `escrow:${string}` }>>();
    });
    client.on("*", (event) => expectTypeOf(event).toEqualTypeOf<Event>());
    // @ts-expect-error there is no such event
    client.on("escrow:burnt", () => undefined);
  });
});
