/** Live states are kept right as records are: followed, repaired, asked for again after a reset, kept over a reload, wiped. */

import { describe, expect, test } from "vitest";
import { collaboration } from "../../src/collaboration/index.js";
import type { Listed, Presence, Store } from "../../src/collaboration/index.js";
import { Offline, memory } from "../../src/offline/index.js";
import { Model, NORTH } from "../support/model.js";
import { BROKER, Office, person, personTold } from "../support/office.js";
import { World } from "../support/world.js";
import type { WorldOptions } from "../support/world.js";

function brokerage(options: WorldOptions = {}): [World, Office, Store<Listed<Presence>>] {
  const world = new World({ model: new Model(NORTH, BROKER), ...options });
  const office = new Office(world.server);
  roster(world, person("ben", "online"));
  return [world, office, collaboration(world.client).presence];
}

function roster(world: World, ...items: unknown[]): void {
  world.server.others.set("/presence", () => ({ items, positions: { [BROKER]: world.model.head(BROKER) } }));
}

const asked = ({ server }: World): number => server.asked.filter((one) => one === "GET /presence").length;
const statuses = (store: Store<Listed<Presence>>): string[] => store.snapshot().items.map(({ id, status }) => `${id} ${status}`);
const nothing = (): void => undefined;

describe("a live state", () => {
  test("is asked for once, and followed from then on", async () => {
    const [world, office, presence] = brokerage();
    await world.connected();
    let changes = 0;
    presence.subscribe(() => (changes += 1));
    expect(presence.snapshot().isPending).toBe(true);
    await world.time.advance(0);
    expect(statuses(presence)).toEqual(["ben online"]);
    expect(presence.snapshot().isPending).toBe(false);
    expect(presence.snapshot()).toBe(presence.snapshot());
    const before = changes;
    office.tell(...personTold("ben", "away", 2), BROKER);
    office.tell(...personTold("dana", "online", 1), BROKER);
    await world.time.advance(0);
    expect(statuses(presence)).toEqual(["ben away", "dana online"]);
    expect(changes).toBe(before + 2);
    expect(asked(world)).toBe(1);
  });

  test("is asked for once also by who watches before there is anything to follow", async () => {
    const [world, , presence] = brokerage();
    presence.subscribe(nothing);
    await world.connected();
    expect(statuses(presence)).toEqual(["ben online"]);
    expect(asked(world)).toBe(1);
  });

  test("that an answer shows is not older than what was told meanwhile", async () => {
    const [world, office, presence] = brokerage();
    await world.connected();
    world.server.listsTake = 1;
    presence.subscribe(nothing);
    await world.time.advance(0.5);
    office.tell(...personTold("ben", "offline", 2), BROKER);
    await world.time.advance(2);
    expect(statuses(presence)).toEqual(["ben offline"]);
  });

  test("is gone when the log says that it has ended, and when its room is left", async () => {
    const [world, office, presence] = brokerage();
    await world.connected();
    presence.subscribe(nothing);
    await world.time.advance(0);
    office.tell("user:presence:offline", { presenceId: "ben", version: 2, updatedBy: "ben", room: BROKER }, BROKER);
    office.tell(...personTold("dana", "online", 1), BROKER);
    await world.time.advance(0);
    expect(statuses(presence)).toEqual(["dana online"]);
    world.model.leave(BROKER);
    world.server.live.end();
    await world.time.advance(2);
    expect(statuses(presence)).toEqual([]);
  });

  test("that was missed is replayed", async () => {
    const [world, office, presence] = brokerage();
    await world.connected();
    presence.subscribe(nothing);
    await world.time.advance(0);
    world.server.loses = () => true;
    office.tell(...personTold("ben", "away", 2), BROKER);
    world.server.loses = () => false;
    office.tell(...personTold("dana", "online", 1), BROKER);
    await world.time.advance(2);
    expect(statuses(presence)).toEqual(["ben away", "dana online"]);
    expect(asked(world)).toBe(1);
  });

  test("is asked for again where the log cannot tell, also in rooms that its list says nothing of", async () => {
    const [world, office, presence] = brokerage();
    await world.connected();
    presence.subscribe(nothing);
    await world.time.advance(0);
    for (const room of [NORTH, BROKER]) world.model.rebuild(room);
    roster(world, person("dana", "away", 7));
    world.server.live.end();
    await world.time.advance(2);
    expect(world.client.state.status).toBe("connected");
    expect(world.recoveries.at(-1)?.reset).toEqual([NORTH, BROKER]);
    expect(statuses(presence)).toEqual(["dana away"]);
    office.tell(...personTold("dana", "online", 8), BROKER);
    await world.time.advance(0);
    expect(statuses(presence)).toEqual(["dana online"]);
    expect(asked(world)).toBe(2);
  });

  test("that nobody watches is not asked for after a reset, but by the next who does", async () => {
    const [world, , presence] = brokerage();
    await world.connected();
    const leave = presence.subscribe(nothing);
    await world.time.advance(0);
    leave();
    presence.subscribe(nothing)(); // followed all the same
    expect(asked(world)).toBe(1);
    world.model.rebuild(BROKER);
    world.server.live.end();
    await world.time.advance(2);
    expect(asked(world)).toBe(1);
    expect(statuses(presence)).toEqual([]);
    presence.subscribe(nothing);
    await world.time.advance(0);
    expect(asked(world)).toBe(2);
    expect(statuses(presence)).toEqual(["ben online"]);
  });

  test("that cannot be asked for after a reset does not keep the connection from being whole", async () => {
    const [world, , presence] = brokerage();
    presence.subscribe(nothing);
    world.server.refusesReads = true;
    await world.connected();
    expect(world.client.state.status).toBe("connected");
    expect(presence.snapshot()).toMatchObject({ items: [], error: { code: "unreachable" } });
    world.server.refusesReads = false;
    await world.time.advance(2);
    expect(statuses(presence)).toEqual(["ben online"]);
  });

  test("that was on its way when its log was lost, and nobody watched any more, is asked for anew", async () => {
    const [world, , presence] = brokerage();
    world.useEscrows();
    await world.connected();
    world.server.listsTake = 5;
    presence.subscribe(nothing)();
    await world.time.advance(0);
    world.server.listsTake = 0;
    world.model.rebuild(BROKER);
    world.server.live.end();
    await world.time.advance(12);
    presence.subscribe(nothing);
    await world.time.advance(6);
    expect(statuses(presence)).toEqual(["ben online"]);
  });

  test("that cannot be asked for says why, keeps what it has, and is asked for until it can", async () => {
    const [world, , presence] = brokerage();
    await world.connected();
    world.server.refusesReads = true;
    presence.subscribe(nothing);
    await world.time.advance(5);
    expect(presence.snapshot()).toMatchObject({ isPending: true, error: { code: "unreachable" } });
    world.server.refusesReads = false;
    await world.time.advance(30);
    expect(presence.snapshot()).toMatchObject({ isPending: false, error: null, items: [{ id: "ben" }] });
  });

  test("is there at once after a reload, and right when the log was replayed", async () => {
    const kept = new Map<string, unknown>();
    const [world, , presence] = brokerage();
    const offline = await Offline.open(world.client, { user: "ava", store: memory(kept) });
    await world.connected();
    presence.subscribe(nothing);
    await world.time.advance(2);
    world.client.disconnect();
    await offline.close();
    const [later, office, same] = brokerage({ server: world.server, time: world.time });
    const again = await Offline.open(later.client, { user: "ava", store: memory(kept) });
    expect(statuses(same)).toEqual(["ben online"]);
    office.tell(...personTold("ben", "offline", 2), BROKER);
    await later.connected();
    expect(statuses(same)).toEqual(["ben offline"]);
    await again.wipe();
    expect(kept.size).toBe(0);
  });

  test("of another kind than records is nothing that old dashboards hear of", async () => {
    const { legacy } = await import("../../src/legacy.js");
    const [world, office] = brokerage();
    await world.connected();
    const heard: unknown[] = [];
    legacy(world.client, { emit: (_name, update) => heard.push(update) });
    office.lock("e1", "ben");
    office.tell(...personTold("ben", "away", 2), BROKER);
    await world.time.advance(0);
    expect(heard).toEqual([]);
  });
});

describe("what those say who run the installation", () => {
  test("is maintenance with its time by this machine's clock, and the broadcasts of a day", async () => {
    const [world, office] = brokerage();
    world.server.others.set("/system", { items: [], positions: {} });
    await world.connected();
    const { system } = collaboration(world.client);
    let changes = 0;
    system.subscribe(() => (changes += 1));
    await world.time.advance(0);
    const state = { version: 1, room: BROKER, updatedAt: office.at(0), updatedBy: "system" };
    const maintenance = { ...state, id: "maintenance", kind: "maintenance", text: "larger disks", startsAt: office.at(60), endsAt: office.at(120) };
    const broadcast = { ...state, id: "b1", kind: "broadcast", text: "hello", level: "info" };
    office.tell("system:maintenance", { systemId: "maintenance", version: 1, updatedBy: "system", system: maintenance }, BROKER);
    office.tell("system:broadcast", { systemId: "b1", version: 1, updatedBy: "system", system: broadcast }, BROKER);
    await world.time.advance(0);
    const now = world.time.now();
    expect(system.snapshot()).toMatchObject({
      maintenance: {
        text: "larger disks",
        announced: { startsAt: maintenance.startsAt, endsAt: maintenance.endsAt },
        startsAt: now + 60_000,
        endsAt: now + 120_000,
        isOn: false,
      },
      broadcasts: [{ text: "hello" }],
    });
    const before = changes;
    await world.time.advance(61);
    expect(changes).toBe(before + 1);
    expect(system.snapshot().maintenance).toMatchObject({ isOn: true, isLate: false });
    await world.time.advance(60);
    expect(system.snapshot().maintenance).toMatchObject({ isOn: true, isLate: true });
    office.tell("system:maintenance", { systemId: "maintenance", version: 2, updatedBy: "system", room: BROKER }, BROKER);
    await world.time.advance(0);
    expect(system.snapshot().maintenance).toBeUndefined();
    world.time.sleep(86_400);
    await world.time.advance(10);
    expect(system.snapshot().broadcasts).toEqual([]);
  });

  test("is no maintenance any more a day after it was to end", async () => {
    const [world, office] = brokerage();
    const state = { version: 1, room: BROKER, updatedAt: office.at(0), updatedBy: "system", id: "maintenance", kind: "maintenance", text: "disks" };
    world.server.others.set("/system", { items: [{ ...state, startsAt: office.at(60), endsAt: office.at(120) }], positions: {} });
    await world.connected();
    const { system } = collaboration(world.client);
    system.subscribe(() => undefined);
    await world.time.advance(0);
    expect(system.snapshot().maintenance).toMatchObject({ isOn: false });
    world.time.sleep(86_400);
    await world.time.advance(10);
    expect(system.snapshot().maintenance).toMatchObject({ isLate: true });
    world.time.sleep(200);
    await world.time.advance(10);
    expect(system.snapshot().maintenance).toBeUndefined();
  });
});
