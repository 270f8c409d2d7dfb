/** The lock of a record: taken, prolonged, bound to a connection, lost; and the saves that are made under it. */

import { describe, expect, test } from "vitest";
import { collaboration } from "../../src/collaboration/index.js";
import type { EditLock } from "../../src/collaboration/index.js";
import { Offline, memory } from "../../src/offline/index.js";
import { FakeBrowser } from "../support/browser.js";
import type { Tab } from "../support/browser.js";
import { LOCKED, Office } from "../support/office.js";
import { FakeTime } from "../support/time.js";
import { World } from "../support/world.js";
import type { WorldOptions } from "../support/world.js";

/** `slow`: seconds that the ticket takes. */
async function inOffice(options: WorldOptions = {}, slow = 0): Promise<[World, Office, EditLock]> {
  const world: World = new World({
    adapt: (environment) => ({
      ...environment,
      fetch: async (url, request) => {
        const answer = await environment.fetch(url, request);
        if (slow > 0 && url.endsWith("/tickets")) await world.time.wait(slow);
        return answer;
      },
    }),
    ...options,
  });
  const office = new Office(world.server);
  world.useEscrows();
  const { locks } = collaboration(world.client);
  await world.connected();
  await world.time.advance(slow);
  await world.create("e1");
  return [world, office, locks.of("escrow", "e1")];
}

const nothing = (): void => undefined;

describe("the lock of a record", () => {
  test("is taken by who begins to edit, and given back by who leaves", async () => {
    const [world, office, lock] = await inOffice();
    const leave = lock.subscribe(nothing);
    expect(lock.snapshot().status).toBe("taking");
    await world.time.advance(0);
    expect(lock.snapshot()).toMatchObject({ status: "held", holder: "ava", until: world.time.now() + 300_000 });
    leave();
    await world.time.advance(0);
    expect(office.locks.size).toBe(0);
    expect(lock.snapshot().status).toBe("free");
  });

  test("stays while one screen takes the place of another", async () => {
    const [world, office, lock] = await inOffice();
    const leave = lock.subscribe(nothing);
    leave();
    const again = lock.subscribe(nothing);
    await world.time.advance(1);
    again();
    lock.subscribe(nothing);
    await world.time.advance(1);
    expect(world.server.requests("lock").length).toBe(1);
    expect(world.server.requests("unlock").length).toBe(0);
    expect(office.locks.get("e1")?.token).toBe(1);
  });

  test("is prolonged while somebody edits, once a minute, and not when nobody touches anything", async () => {
    const [world, office, lock] = await inOffice();
    lock.subscribe(nothing);
    for (let second = 0; second < 600; second += 5) {
      await world.time.advance(5);
      await world.touch();
    }
    expect(lock.snapshot().status).toBe("held");
    expect(office.locks.get("e1")?.token).toBe(1);
    const asked = world.server.requests("lock").length;
    expect(asked).toBeGreaterThan(8);
    expect(asked).toBeLessThan(12);
    await world.time.advance(299);
    expect(world.server.requests("lock").length).toBe(asked);
  });

  test("is over at its end by the server's clock, whatever this machine believes", async () => {
    const time = new FakeTime();
    time.wrong = -3_600_000;
    const [world, office, lock] = await inOffice({ time });
    lock.subscribe(nothing);
    await world.time.advance(0);
    const ends = Date.parse(office.locks.get("e1")?.until ?? "");
    expect(lock.snapshot().until).toBe(ends + world.time.wrong);
    await world.time.advance((ends - world.time.truth()) / 1_000 - 0.1);
    expect(lock.snapshot().status).toBe("held");
    await world.time.advance(0.2);
    expect(lock.snapshot().status).toBe("free");
  });

  test("is believed in no longer because the ticket took its time", async () => {
    const [world, office, lock] = await inOffice({}, 3);
    lock.subscribe(nothing);
    await world.time.advance(0);
    const ends = Date.parse(office.locks.get("e1")?.until ?? "");
    await world.time.advance((ends - world.time.truth()) / 1_000 - 3.1);
    expect(lock.snapshot().status).toBe("held");
    await world.time.advance(3.1);
    expect(lock.snapshot().status).toBe("free");
  });

  test("that ran out is taken again with the first touch", async () => {
    const [world, office, lock] = await inOffice();
    lock.subscribe(nothing);
    await world.time.advance(301);
    office.unlock("e1");
    await world.time.advance(10);
    expect(lock.snapshot().status).toBe("free");
    await world.touch();
    expect(lock.snapshot()).toMatchObject({ status: "held" });
    expect(office.locks.get("e1")?.token).toBe(2);
  });

  test("is not taken, nor prolonged, by a new connection where nobody has been at work for five minutes", async () => {
    const [world, office, lock] = await inOffice();
    lock.subscribe(nothing);
    await world.time.advance(301);
    office.unlock("e1");
    world.server.live.end();
    await world.time.advance(30);
    expect(world.client.state.status).toBe("connected");
    expect(office.locks.size).toBe(0);
    await world.touch();
    await world.time.advance(0);
    expect(lock.snapshot().status).toBe("held");
  });

  test("of somebody else is shown with who and until, and is there for the first touch when it is free", async () => {
    const [world, office, lock] = await inOffice();
    office.lock("e1", "ben");
    lock.subscribe(nothing);
    await world.time.advance(0);
    expect(lock.snapshot()).toMatchObject({ status: "locked", holder: "ben", error: null });
    await world.touch();
    expect(world.server.requests("lock").length).toBe(1);
    office.unlock("e1");
    await world.time.advance(0);
    expect(lock.snapshot()).toMatchObject({ status: "free", holder: undefined });
    await world.touch();
    expect(lock.snapshot()).toMatchObject({ status: "held", holder: "ava" });
  });

  test("that was there before this person came is found in the list", async () => {
    const [world, office, lock] = await inOffice();
    office.locks.set("e1", { ...office.lock("e1", "ben"), until: office.at(100) });
    await world.time.advance(0);
    world.client.cache.leave("team:north"); // as if no commit had told of it
    lock.subscribe(nothing);
    await world.time.advance(0);
    expect(lock.snapshot()).toMatchObject({ status: "locked", holder: "ben" });
    await world.time.advance(100);
    expect(lock.snapshot()).toMatchObject({ status: "free", holder: undefined });
  });

  test("of somebody whom no commit has told of yet is asked for when it is refused", async () => {
    const [world, office, lock] = await inOffice();
    collaboration(world.client).locks.list.subscribe(nothing);
    await world.time.advance(0);
    world.server.loses = () => true;
    office.lock("e1", "ben");
    world.server.loses = () => false;
    lock.subscribe(nothing);
    await world.time.advance(0);
    expect(lock.snapshot()).toMatchObject({ status: "locked", holder: "ben" });
  });

  test("that somebody has taken over is lost at once, and saves say so, for the server to refuse them", async () => {
    const [world, office, lock] = await inOffice();
    const told: string[] = [];
    lock.subscribe(() => told.push(lock.snapshot().status));
    await world.time.advance(0);
    office.lock("e1", "dana");
    await world.time.advance(0);
    expect(told.at(-1)).toBe("lost");
    expect(lock.snapshot()).toMatchObject({ status: "lost", holder: "dana" });
    expect(world.client.rest.lockToken(undefined, "PATCH", "/escrows/e1")).toBe(1);
    office.unlock("e1");
    await world.touch();
    expect(lock.snapshot().status).toBe("lost"); // not by itself: what is on the screen is old
    await lock.snapshot().take();
    expect(lock.snapshot().status).toBe("held");
    expect(world.client.rest.lockToken(undefined, "PATCH", "/escrows/e1")).toBe(3);
  });

  test("is taken over by who wants that, and refused with the reason to who may not", async () => {
    const [world, office, lock] = await inOffice();
    office.lock("e1", "ben");
    lock.subscribe(nothing);
    await world.time.advance(0);
    const taking = lock.snapshot().takeOver();
    await world.time.advance(0);
    await taking;
    expect(lock.snapshot()).toMatchObject({ status: "held", holder: "ava" });
    expect(office.locks.get("e1")).toMatchObject({ takenFrom: "ben", token: 2 });
    office.lock("e1", "ben");
    world.server.actions.set("lock", () => ({ code: "forbidden", message: "you may not", retryable: false }));
    const refused = expect(lock.snapshot().takeOver()).rejects.toMatchObject({ code: "forbidden" });
    await world.time.advance(0);
    await refused;
    expect(lock.snapshot()).toMatchObject({ status: "locked", holder: "ben", error: { message: "you may not" } });
  });

  test("is asked for again over each new connection, with its token", async () => {
    const [world, , lock] = await inOffice();
    lock.subscribe(nothing);
    await world.time.advance(1);
    world.client.changeOver();
    await world.time.advance(1);
    expect(world.server.sockets.length).toBe(2);
    expect(world.server.live.sent.filter(({ action }) => action === "lock")).toMatchObject([{ recordId: "e1", token: 1 }]);
    world.server.live.end();
    await world.time.advance(2);
    expect(world.server.live.sent.filter(({ action }) => action === "lock")).toMatchObject([{ recordId: "e1", token: 1 }]);
    expect(lock.snapshot().status).toBe("held");
  });

  test("is believed in without a connection until its end, and no longer", async () => {
    const [world, office, lock] = await inOffice();
    lock.subscribe(nothing);
    await world.time.advance(0);
    world.server.unreachable = true;
    world.server.live.end();
    await world.time.advance(200);
    expect(lock.snapshot().status).toBe("held");
    await world.time.advance(101);
    expect(lock.snapshot().status).toBe("free");
    office.lock("e1", "ben");
    world.server.unreachable = false;
    world.client.retry();
    await world.time.advance(2);
    expect(lock.snapshot()).toMatchObject({ status: "locked", holder: "ben" });
  });

  test("that cannot be asked for without a connection is asked for with the connection", async () => {
    const world = new World();
    const office = new Office(world.server);
    world.useEscrows();
    const lock = collaboration(world.client).locks.of("escrow", "e1");
    lock.subscribe(nothing);
    await world.time.advance(1);
    expect(lock.snapshot()).toMatchObject({ status: "free", error: { code: "not_connected" } });
    await world.connected();
    expect(lock.snapshot()).toMatchObject({ status: "held", error: null });
    expect(office.locks.size).toBe(1);
  });

  test("is not for who may not edit the record, and is not asked for again and again", async () => {
    const [world, , lock] = await inOffice();
    world.server.actions.set("lock", () => ({ code: "forbidden", message: "read only", retryable: false }));
    lock.subscribe(nothing);
    await world.time.advance(0);
    expect(lock.snapshot()).toMatchObject({ status: "refused", error: { code: "forbidden" } });
    for (let count = 0; count < 5; count++) {
      await world.time.advance(10);
      await world.touch();
    }
    expect(world.server.requests("lock").length).toBe(1);
  });

  test("is this window's own after a reload, and another window's is not", async () => {
    const [world, office, lock] = await inOffice();
    lock.subscribe(nothing);
    await world.time.advance(0);
    const reloaded = new World({ server: world.server, time: world.time });
    reloaded.session = world.session;
    const same = collaboration(reloaded.client).locks.of("escrow", "e1");
    await reloaded.connected();
    same.subscribe(nothing);
    await world.time.advance(0);
    expect(same.snapshot().status).toBe("held");
    expect(office.locks.get("e1")?.token).toBe(1);
    const another = new World({ server: world.server, time: world.time });
    const other = collaboration(another.client).locks.of("escrow", "e1");
    await another.connected();
    other.subscribe(nothing);
    await world.time.advance(0);
    expect(other.snapshot()).toMatchObject({ status: "locked", holder: "ava" });
  });

  test("is given back, and forgotten, when its person disconnects", async () => {
    const [world, , lock] = await inOffice();
    const released: (string | null)[] = [];
    world.server.writes.set("DELETE /escrows/e1/lock", ({ lockToken }) => {
      released.push(lockToken);
      return {};
    });
    lock.subscribe(nothing);
    await world.time.advance(0);
    expect(world.session.size).toBe(1);
    world.client.disconnect();
    await world.time.advance(1);
    expect(released).toEqual(["1"]);
    expect(world.session.size).toBe(0);
  });
});

describe("three tabs", () => {
  test("hold locks each for itself, and ask again when the one that has the socket is killed", async () => {
    const browser = new FakeBrowser();
    const office = new Office(browser.server);
    browser.model.create("e1");
    browser.server.passOver();
    const [one, two, last] = await browser.open(3);
    if (!one || !two || !last) throw new Error("no tabs");
    const locks = [one, two, last].map(({ client }) => collaboration(client).locks.of("escrow", "e1"));
    locks[2]?.subscribe(nothing);
    await browser.time.advance(0);
    locks[1]?.subscribe(nothing);
    await browser.time.advance(0);
    expect(locks.slice(1).map((lock) => lock.snapshot().status)).toEqual(["locked", "held"]);
    one.die();
    await browser.time.advance(3);
    expect(two.leads).toBe(true);
    const asked = two.sockets.at(-1)?.sent.filter(({ action }) => action === "lock");
    expect(asked).toMatchObject([{ token: 1 }]);
    expect(locks[2]?.snapshot().status).toBe("held");
    expect(office.locks.get("e1")?.token).toBe(1);
  });
});

/** Two tabs of one browser, the second of which edits. */
async function twoTabs(): Promise<[FakeBrowser, Office, readonly Tab[], readonly EditLock[]]> {
  const browser = new FakeBrowser();
  const office = new Office(browser.server);
  browser.model.create("e1");
  browser.server.passOver();
  const tabs = await browser.open(2);
  const locks = tabs.map(({ client }) => collaboration(client).locks.of("escrow", "e1"));
  locks[1]?.subscribe(nothing);
  await browser.time.advance(0.1);
  expect(locks[1]?.snapshot().status).toBe("held");
  return [browser, office, tabs, locks];
}

describe("two tabs", () => {
  test("never edit the same record, though they share a socket, until one takes it over from the other", async () => {
    const [browser, office, , [first, second]] = await twoTabs();
    const leave = first?.subscribe(nothing);
    await browser.time.advance(0.1);
    expect(first?.snapshot()).toMatchObject({ status: "locked", holder: "ava" });
    leave?.();
    await browser.time.advance(1);
    expect(office.locks.get("e1")?.token).toBe(1);
    expect(second?.snapshot().status).toBe("held");
    first?.subscribe(nothing);
    await first?.snapshot().takeOver();
    await browser.time.advance(0.1);
    expect([first, second].map((lock) => lock?.snapshot().status)).toEqual(["held", "lost"]);
    expect(office.locks.get("e1")?.token).toBe(2);
  });

  test("one of which dies: the other gives its lock back after fifteen seconds", async () => {
    const [browser, office, [, second]] = await twoTabs();
    second?.die();
    await browser.time.advance(14);
    expect(office.locks.size).toBe(1);
    await browser.time.advance(2);
    expect(office.locks.size).toBe(0);
  });

  test("one of which is reloaded goes on with its lock", async () => {
    const [browser, office, [, second]] = await twoTabs();
    second?.die();
    const [again] = await browser.open(1);
    if (!again || !second) throw new Error("no tabs");
    again.session = second.session;
    const lock = collaboration(again.client).locks.of("escrow", "e1");
    lock.subscribe(nothing);
    await browser.time.advance(30);
    expect(lock.snapshot().status).toBe("held");
    expect(office.locks.get("e1")?.token).toBe(1);
  });
});

describe("saves", () => {
  test("say the token of the lock that is held, of that record alone", async () => {
    const [world, , lock] = await inOffice();
    await world.create("e2");
    lock.subscribe(nothing);
    await world.time.advance(0);
    await world.client.rest.patch("escrow", "e1", { city: "Davis" });
    await world.client.rest.patch("escrow", "e2", { city: "Davis" });
    await world.client.rest.act("escrow", "e1", "archive");
    await world.client.rest.read("escrow", "e1");
    expect(world.server.written.map(({ lockToken }) => lockToken)).toEqual(["1", null, "1"]);
  });

  test("after its end say its token all the same, until somebody else begins or this person leaves", async () => {
    const [world, office, lock] = await inOffice();
    const leave = lock.subscribe(nothing);
    await world.time.advance(301);
    office.unlock("e1");
    await world.time.advance(0);
    expect(lock.snapshot().status).toBe("free");
    expect(world.client.rest.lockToken(undefined, "PATCH", "/escrows/e1")).toBe(1);
    leave();
    await world.time.advance(1);
    expect(world.client.rest.lockToken(undefined, "PATCH", "/escrows/e1")).toBeUndefined();
    expect(world.server.requests("unlock").length).toBe(0);
  });

  test("release it, and who leaves meanwhile does not do so before them", async () => {
    const [world, office, lock] = await inOffice();
    const leave = lock.subscribe(nothing);
    await world.time.advance(0);
    world.client.rest.lockToken(undefined, "PATCH", "/escrows/e1"); // a save sets out
    leave();
    await world.time.advance(2);
    expect(office.locks.size).toBe(1);
    office.unlock("e1"); // the save is done
    await world.time.advance(20);
    expect(world.server.requests("unlock").length).toBe(0);
    expect(world.session.size).toBe(0);
  });

  test("that never come to anything keep it ten seconds at most", async () => {
    const [world, office, lock] = await inOffice();
    const leave = lock.subscribe(nothing);
    await world.time.advance(0);
    world.client.rest.lockToken(undefined, "PATCH", "/escrows/e1");
    leave();
    await world.time.advance(11);
    expect(world.server.requests("unlock")).toMatchObject([{ noun: "escrow", recordId: "e1", token: 1 }]);
    expect(office.locks.size).toBe(0);
  });

  test("that wait keep the token under which they were wanted, over a reload and in whatever tab sends them", async () => {
    const [world, office, lock] = await inOffice();
    const kept = new Map<string, unknown>();
    const offline = await Offline.open(world.client, { user: "ava", store: memory(kept) });
    lock.subscribe(nothing);
    await world.time.advance(0);
    world.server.unreachable = true;
    world.server.live.end();
    void offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Davis" } }).catch(nothing);
    await world.time.advance(1);
    world.client.disconnect();
    await offline.close();
    const later = new World({ server: world.server, time: world.time });
    await Offline.open(later.client, { user: "ava", store: memory(kept) });
    office.unlock("e1"); // the connection is gone
    world.server.unreachable = false;
    await later.connected();
    await world.time.advance(1);
    expect(world.server.written).toMatchObject([{ method: "PATCH", lockToken: "1" }]);
  });

  test("that wait are refused, and listed, when somebody else was at work since", async () => {
    const [world, office, lock] = await inOffice();
    const offline = await Offline.open(world.client, { user: "ava", store: memory() });
    const refused: string[] = [];
    offline.onRefused(({ error }) => refused.push(error.code));
    lock.subscribe(nothing);
    await world.time.advance(0);
    world.server.unreachable = true;
    world.server.live.end();
    const saved = expect(
      offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Davis" } }),
    ).rejects.toMatchObject({ code: "locked", status: 423 });
    await world.time.advance(20);
    office.lock("e1", "ben");
    world.server.refusesWrites = { status: 423, detail: "this Lock-Token is over", ...LOCKED } as never;
    world.server.unreachable = false;
    world.client.retry();
    await world.time.advance(2);
    await saved;
    expect(refused).toEqual(["locked"]);
    expect(world.server.written).toMatchObject([{ lockToken: "1" }]);
    expect(offline.record("escrow", "e1")).not.toHaveProperty("city");
  });

  test("that wait go on under the lock that follows on theirs, if it is of the same person", async () => {
    const [world, office] = await inOffice();
    const { rest } = world.client;
    office.lock("e1", "ava", 5);
    expect(rest.lockToken(5, "PATCH", "/escrows/e1")).toBe(5);
    office.unlock("e1");
    office.lock("e1", "ava", 6);
    await world.time.advance(0);
    expect(rest.lockToken(5, "PATCH", "/escrows/e1")).toBe(6);
    expect(rest.lockToken(4, "PATCH", "/escrows/e1")).toBe(4); // somebody had 5
    expect(rest.lockToken(0, "PATCH", "/escrows/e1")).toBe(6); // it was wanted under none
    office.unlock("e1");
    await world.time.advance(0);
    expect(rest.lockToken(5, "PATCH", "/escrows/e1")).toBe(6); // the one that waited before it has ended it
    office.lock("e1", "ben", 7);
    await world.time.advance(0);
    expect(rest.lockToken(6, "PATCH", "/escrows/e1")).toBe(6);
    expect(rest.lockToken(0, "PATCH", "/escrows/e1")).toBeUndefined();
  });

  test("that wait are sent again where a lock of the same person was in their way, whose token is not here yet", async () => {
    const [world] = await inOffice();
    const offline = await Offline.open(world.client, { user: "ava", store: memory() });
    world.server.refusesWrites = { status: 423, detail: "somebody is at work", ...LOCKED, holder: "ava" } as never;
    world.server.unreachable = true;
    const saved = offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Davis" } });
    await world.time.advance(120); // however often that has failed
    world.server.unreachable = false;
    while (world.server.written.length === 0) await world.time.advance(0.1);
    world.server.refusesWrites = undefined;
    await world.time.advance(60);
    await expect(saved).resolves.toMatchObject({ city: "Davis" });
    world.server.refusesWrites = { status: 423, detail: "somebody is at work", ...LOCKED, holder: "ben" } as never;
    await expect(offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } })).rejects.toThrow("at work");
  });
});
