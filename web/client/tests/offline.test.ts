/** What is kept over a reload, and what is written without a network. */

import { describe, expect, test } from "vitest";
import type { Channel } from "../src/environment.js";
import { Offline, memory } from "../src/offline/index.js";
import type { OfflineOptions, Refused, Store } from "../src/offline/index.js";
import { Model, MINE, NORTH } from "./support/model.js";
import { World } from "./support/world.js";
import type { WorldOptions } from "./support/world.js";

interface Page {
  readonly world: World;
  readonly offline: Offline;
  readonly refused: Refused[];
}

/** A visit, with what former visits left in `kept` and with the server as they left it. */
async function visit(
  kept: Map<string, unknown>,
  { before, ...options }: WorldOptions & Partial<OfflineOptions> & { before?: Page } = {},
): Promise<Page> {
  const world = new World({ ...(before && { model: before.world.model }), ...options });
  if (before) world.server.inherit(before.world.server);
  const offline = await Offline.open(world.client, { user: "ava", store: memory(kept), ...options });
  const refused: Refused[] = [];
  offline.onRefused((one) => refused.push(one));
  return { world, offline, refused };
}

async function online(kept = new Map<string, unknown>(), options?: Parameters<typeof visit>[1]): Promise<Page> {
  const page = await visit(kept, options);
  await page.world.connected();
  return page;
}

function cut({ world }: Page): void {
  world.server.unreachable = true;
  world.server.live.end();
}

async function mend({ world }: Page): Promise<void> {
  world.server.unreachable = false;
  await world.time.advance(60);
}

const escrows = ({ world }: Page): object => Object.fromEntries(world.client.cache.entries());

describe("a reload", () => {
  test("paints at once and resumes by replay, with no list asked for", async () => {
    const kept = new Map<string, unknown>();
    const first = await online(kept);
    await first.world.create("e1", "e2");
    await first.world.time.advance(2);
    first.world.client.disconnect();
    await first.offline.close();
    first.world.model.update("e1", { city: "Chico" });
    first.world.model.delete("e2");
    first.world.model.create("e3");

    const second = await visit(kept, { before: first });
    expect(Object.keys(escrows(second))).toEqual(["escrow/e1", "escrow/e2"]);
    await second.world.connected();
    expect(escrows(second)).toEqual(second.world.model.visible());
    expect(second.world.seqs).toEqual([3, 4, 5]);
    expect(second.world.server.asked).toEqual([]);
    expect(second.world.recoveries).toEqual([{ missed: { [NORTH]: 3 }, reset: [], away: undefined }]);
  });

  test("finds what was known when the page was left, not a moment before", async () => {
    const kept = new Map<string, unknown>();
    const first = await online(kept);
    await first.world.create("e1");
    await first.world.leave();
    expect(kept.get("positions")).toEqual(first.world.model.heads());
    expect(kept.has("record/escrow/e1")).toBe(true);
  });

  test("begins afresh after a change of the contract", async () => {
    const kept = new Map<string, unknown>();
    const first = await online(kept);
    await first.world.create("e1");
    await first.world.leave();
    kept.set("version", "another");
    const second = await visit(kept, { before: first });
    expect(escrows(second)).toEqual({});
    expect(second.world.client.feed.positions()).toEqual({});
    await second.world.connected();
    await second.world.leave();
    expect([...kept.keys()].toSorted()).toEqual(["positions", "version"]);
  });

  test("finds nothing of a record of which the log has told more than was known", async () => {
    const kept = new Map<string, unknown>();
    const first = await online(kept);
    await first.world.create("e1", "e2");
    await first.world.time.advance(2);
    first.world.server.refusesReads = true;
    first.world.model.update("e1", { city: "Chico" }, true);
    await first.world.create();
    await first.world.leave();
    expect([...kept.keys()].filter((name) => name.startsWith("record/"))).toEqual(["record/escrow/e2"]);
    first.world.server.refusesReads = false;
    await first.world.time.advance(60);
    expect(kept.get("record/escrow/e1")).toMatchObject({ city: "Chico" });
  });

  test("finds nothing after a sign-out", async () => {
    const kept = new Map<string, unknown>();
    const first = await online(kept);
    await first.world.create("e1");
    cut(first);
    void first.offline
      .write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } })
      .catch(() => undefined);
    await first.world.time.advance(2);
    first.world.client.disconnect();
    await first.offline.wipe();
    await first.world.leave();
    await first.world.time.advance(5);
    const late = first.offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } });
    await expect(late).rejects.toMatchObject({ code: "closed" });
    expect(kept.size).toBe(0);
  });

  test("does without a store that fails, and says so once", async () => {
    const broken: Store = {
      load: async () => Promise.reject(new Error("private window")),
      write: async () => Promise.reject(new Error("private window")),
      destroy: async () => undefined,
    };
    const { world, offline } = await online(new Map(), { store: broken });
    await world.create("e1");
    await world.time.advance(5);
    await expect(
      offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } }),
    ).resolves.toMatchObject({ version: 2 });
    expect(world.reported.length).toBe(1);
  });
});

describe("a write", () => {
  test("shows at once, and its answer takes its place without the old value in between", async () => {
    const { world, offline } = await online();
    await world.create("e1");
    const seen: unknown[] = [];
    offline.onChange(() => seen.push(offline.record("escrow", "e1")?.city));
    const answer = offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } });
    expect(offline.record("escrow", "e1")).toMatchObject({ city: "Chico", version: 1 });
    expect(world.client.record("escrow", "e1")).not.toHaveProperty("city");
    expect(await answer).toMatchObject({ city: "Chico", version: 2 });
    expect(world.client.record("escrow", "e1")).toMatchObject({ city: "Chico", version: 2 });
    await world.create();
    expect(new Set(seen)).toEqual(new Set(["Chico"]));
    expect(offline.waiting).toEqual([]);
  });

  test("is on its way before the store has it, and leaves nothing there once it is done", async () => {
    const kept = new Map<string, unknown>();
    const slow = memory(kept);
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    const store: Store = {
      ...slow,
      write: async (changes, only) => {
        if ([...changes].some(([name, value]) => name.startsWith("write/") && value !== undefined)) await held;
        await slow.write(changes, only);
      },
    };
    const { world, offline } = await online(kept, { store });
    await world.create("e1");
    await offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } });
    expect(world.model.visible()).toMatchObject({ "escrow/e1": { city: "Chico" } });
    go();
    await world.time.advance(5);
    expect([...kept.keys()].filter((name) => name.startsWith("write/"))).toEqual([]);
  });

  test("without a network waits, is listed, and is sent in its order when there is one", async () => {
    const page = await online();
    const { world, offline } = page;
    await world.create("e1");
    cut(page);
    const answers = [
      offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } }),
      offline.write({ noun: "escrow", method: "POST", id: "e1", verb: "archive" }),
      offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: null } }),
    ];
    await world.time.advance(5);
    expect(offline.waiting.map(({ method, verb }) => verb ?? method)).toEqual(["PATCH", "archive", "PATCH"]);
    expect(offline.record("escrow", "e1")).toEqual({ id: "e1", version: 1, room: NORTH, archived: true });
    await mend(page);
    expect((await Promise.all(answers)).map(({ version }) => version)).toEqual([2, 3, 4]);
    expect(escrows(page)).toEqual(world.model.visible());
    expect(new Set(world.server.written.map(({ key }) => key)).size).toBe(3);
  });

  test("whose answer is lost is not done twice", async () => {
    const page = await online();
    const { world, offline } = page;
    world.server.losesAnswers = true;
    const answer = offline.write({ noun: "escrow", method: "POST", body: { city: "Davis" } });
    await world.time.advance(5);
    expect(world.model.records.size).toBe(1);
    world.server.losesAnswers = false;
    await world.time.advance(30);
    expect(await answer).toMatchObject({ id: "made-1", version: 1 });
    expect(world.model.records.size).toBe(1);
    expect(world.server.written.length).toBeGreaterThan(1);
  });

  test("of a record that is not created yet is sent to the one that it becomes", async () => {
    const page = await online();
    const { world, offline } = page;
    cut(page);
    const created = offline.write({ noun: "escrow", method: "POST", body: { city: "Davis" } });
    const [{ id } = { id: "" }] = offline.all("escrow");
    expect(id).toMatch(/^~/);
    const changed = offline.write({ noun: "escrow", method: "PATCH", id, body: { city: "Chico", notes: id } });
    expect(offline.all("escrow")).toEqual([{ id, version: 0, room: "", city: "Chico", notes: id }]);
    await mend(page);
    expect(await created).toMatchObject({ id: "made-1" });
    expect(await changed).toMatchObject({ id: "made-1", city: "Chico", notes: "made-1" });
    await world.create();
    expect(offline.all("escrow")).toEqual(world.model.items());
  });

  test("that is refused is rolled back, says why, and takes along what depends on it", async () => {
    const page = await online();
    const { world, offline, refused } = page;
    await world.create("e1");
    cut(page);
    const doomed = offline.write({ noun: "escrow", method: "POST", body: { city: "Nowhere" } });
    const { id } = offline.all("escrow").find(({ version }) => version === 0) ?? { id: "" };
    const dependent = offline.write({ noun: "escrow", method: "PATCH", id, body: { city: "Chico" } });
    const outcomes = Promise.allSettled([doomed, dependent]);
    world.server.refusesWrites = { status: 422, code: "invalid", detail: "city: no such place", retryable: false };
    await mend(page);
    expect(
      (await outcomes).map((one) => (one.status === "rejected" ? (one.reason as { code: string }).code : "")),
    ).toEqual(["invalid", "depends"]);
    expect(refused.map(({ error }) => error.message)).toEqual([
      "city: no such place",
      "what it depends on was refused: city: no such place",
    ]);
    expect(offline.all("escrow").map((record) => record.id)).toEqual(["e1"]);
    expect(offline.waiting).toEqual([]);
  });

  test("says which version it is for, and is refused if that is not the one", async () => {
    const { world, offline } = await online();
    await world.create("e1");
    await offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" }, version: 1 });
    expect(world.server.written[0]?.ifMatch).toBe('"1"');
  });

  test("can be taken back while it waits", async () => {
    const page = await online();
    const { world, offline } = page;
    await world.create("e1");
    cut(page);
    await world.time.advance(0);
    const first = expect(
      offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } }),
    ).rejects.toMatchObject({ code: "withdrawn" });
    await world.time.advance(1);
    expect(offline.withdraw(offline.waiting[0]?.key ?? "")).toBe(true);
    await first;
    expect(offline.record("escrow", "e1")).toEqual(world.model.records.get("e1"));
    await mend(page);
    expect(world.server.written).toEqual([]);
    expect(offline.withdraw("no such")).toBe(false);
  });

  test("is refused when too many wait", async () => {
    const page = await online(new Map(), { most: 2 });
    cut(page);
    const write = { noun: "escrow", method: "POST", body: {} } as const;
    const two = [page.offline.write(write), page.offline.write(write)];
    await expect(page.offline.write(write)).rejects.toMatchObject({ code: "queue_full", retryable: false });
    expect(page.offline.waiting.length).toBe(2);
    await mend(page);
    await Promise.all(two);
  });

  test("of a delete hides the record for good", async () => {
    const page = await online();
    const { world, offline } = page;
    await world.create("e1");
    const deleting = offline.write({ noun: "escrow", method: "DELETE", id: "e1" });
    expect(offline.all("escrow")).toEqual([]);
    await deleting;
    expect(offline.all("escrow")).toEqual([]);
    await world.create();
    expect(offline.all("escrow")).toEqual([]);
  });

  test("outlives a reload, and is done once though the first page had sent it", async () => {
    const kept = new Map<string, unknown>();
    const first = await online(kept);
    await first.world.create("e1");
    first.world.server.losesAnswers = true;
    void first.offline.write({ noun: "escrow", method: "POST", body: { city: "Davis" } }).catch(() => undefined);
    void first.offline
      .write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } })
      .catch(() => undefined);
    await first.world.time.advance(1);
    expect(first.world.model.records.size).toBe(2);
    first.world.model.delete("made-1"); // by somebody else, meanwhile; the second page will not hear of that
    await first.world.create();
    await first.world.leave();
    first.world.client.disconnect();
    await first.offline.close();

    const second = await visit(kept, { before: first });
    expect(second.offline.waiting.length).toBe(2);
    expect(second.offline.record("escrow", "e1")).toMatchObject({ city: "Chico" });
    await second.world.connected();
    await second.world.time.advance(5);
    expect(second.offline.waiting).toEqual([]);
    expect(escrows(second)).toEqual(second.world.model.visible());
    expect(second.world.model.records.get("e1")?.version).toBe(2);
  });

  test("that may have been done more than a day ago is not done again", async () => {
    const kept = new Map<string, unknown>();
    const first = await online(kept);
    first.world.server.losesAnswers = true;
    void first.offline.write({ noun: "escrow", method: "POST", body: { city: "Davis" } }).catch(() => undefined);
    await first.world.time.advance(1);
    first.world.client.disconnect();
    await first.offline.close();
    const second = await visit(kept, { before: first });
    second.world.time.sleep(24 * 3_600);
    await second.world.connected();
    expect(second.refused.map(({ error }) => error.code)).toEqual(["unknown_outcome"]);
    expect(second.world.server.written.length).toBe(0);
  });

  test("that is done while another tab still reads the store is not shown there for ever", async () => {
    const kept = new Map<string, unknown>();
    const page = await online(kept);
    await page.world.create("e1");
    cut(page);
    void page.offline
      .write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } })
      .catch(() => undefined);
    await page.world.time.advance(1);
    const old = new Map(kept);
    let say = (_message: unknown): void => undefined;
    const channel = (): Channel => ({
      postMessage: () => undefined,
      close: () => undefined,
      set onmessage(hear: Channel["onmessage"]) {
        say = (data) => hear?.({ data });
      },
    });
    const { key } = page.offline.waiting[0] ?? { key: "" };
    const store: Store = { ...memory(), load: async () => (say({ done: key, answer: {} }), old) };
    const other = await visit(new Map(), { store, adapt: (environment) => ({ ...environment, channel }) });
    expect(other.offline.waiting).toEqual([]);
  });

  test("waits for whoever has to sign in again", async () => {
    const page = await online();
    const { world, offline } = page;
    await world.create("e1");
    world.server.refusesWrites = { status: 401, code: "unauthenticated", detail: "sign in", retryable: false };
    const answer = offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } });
    await world.time.advance(30);
    expect(offline.waiting.length).toBe(1);
    world.server.refusesWrites = undefined;
    world.server.live.end();
    await world.time.advance(5);
    expect(await answer).toMatchObject({ version: 2 });
  });
});

test("a page that is left while its restored rooms are loaded anew shows nothing that was undone when it is back", async () => {
  const kept = new Map<string, unknown>();
  const first = await online(kept);
  first.world.useEscrows();
  await first.world.create("e1");
  const { model, server } = first.world;
  const then = new Map(model.records);
  for (const city of ["Chico", "Lodi"]) model.update("e1", { city });
  await first.world.create("e2");
  await first.world.time.advance(2);
  expect(first.world.client.record("escrow", "e1")?.version).toBe(3);

  model.records.clear();
  for (const [id, record] of then) model.records.set(id, record);
  model.rebuild(NORTH);
  server.refusesReads = true;
  server.live.end();
  await first.world.time.advance(1);
  await first.world.leave();
  first.world.client.disconnect();
  await first.offline.close();

  server.refusesReads = false;
  const second = await visit(kept, { before: first });
  second.world.useEscrows();
  await second.world.connected();
  await second.world.time.advance(5);
  expect(escrows(second)).toEqual(model.visible());
  expect(second.world.client.record("escrow", "e1")?.version).toBe(1);
});

test("positions are kept of rooms without records, too", async () => {
  const kept = new Map<string, unknown>();
  const { world } = await online(kept, { model: new Model(MINE) });
  await world.leave();
  expect(kept.get("positions")).toEqual({ [MINE]: { epoch: "life-1", seq: 0 } });
});
