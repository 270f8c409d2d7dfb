// @vitest-environment happy-dom
/** One record, its history, figures, the connection, and writes. */

import { act } from "@testing-library/react";
import { createElement } from "react";
import { describe, expect, test } from "vitest";
import { Offline, memory } from "../../src/offline/index.js";
import { Conflict, useConnection, useHistory, useMutateRecord, useRecord, useRecords, useStats } from "../../src/react/index.js";
import { followed } from "../../src/react/follow.js";
import type { WireEvent } from "../../src/protocol.js";
import type { Noun, StatsOf } from "../../src/types.js";
import { Page, frame, usePage } from "./support.js";

usePage();

/** What a hook finds, whenever it is asked. */
async function using<Found>(page: Page, hook: () => Found, offline?: Offline): Promise<() => Found> {
  let last: Found[] = [];
  const Probe = (): null => {
    last = [hook()];
    return null;
  };
  await page.show(createElement(Probe), offline);
  return () => {
    const [found] = last;
    if (found === undefined) throw new Error("nothing was rendered");
    return found;
  };
}

function office(): Page {
  const page = new Page();
  page.world.model.create("e1", undefined, { city: "Davis", status: "opened", can: ["edit"] });
  page.world.server.passOver();
  return page;
}

describe("a record", () => {
  test("is asked for once, follows, and says when it is gone", async () => {
    const page = office();
    const found = await using(page, () => useRecord("escrow", "e1"));
    await page.connected();
    page.asked();
    page.world.model.update("e1", { city: "Woodland" });
    await page.later();
    expect(found().record?.city).toBe("Woodland");
    page.world.model.delete("e1");
    await page.later();
    expect(found()).toMatchObject({ record: undefined, isGone: true, isPending: false });
    expect(page.asked()).toEqual([]);
  });

  test("is not asked for if a list has brought it", async () => {
    const page = office();
    await page.connected();
    const found = await using(page, () => {
      const list = useRecords("escrow");
      return useRecord("escrow", list.records[0]?.id);
    });
    expect(found().record?.city).toBe("Davis");
    expect(page.asked()).toEqual(["GET /escrows?limit=50"]);
  });
});

describe("a write", () => {
  test("is shown at once, and is as if never wanted when the server refuses it", async () => {
    const page = office();
    const offline = await Offline.open(page.world.client, { user: "ava", store: memory() });
    const found = await using(page, () => ({ list: useRecords("escrow"), change: useMutateRecord("escrow") }), offline);
    await page.connected();
    const [before] = found().list.records;
    if (!before) throw new Error("no record");
    page.world.server.refusesWrites = { status: 422, code: "invalid", detail: "no such city", retryable: false };
    let refused: unknown;
    await act(async () => {
      found()
        .change.patch(before, { city: "Nowhere" })
        .catch((error: unknown) => (refused = error));
    });
    expect(found().list.records[0]?.city).toBe("Nowhere");
    await page.later(1);
    expect(refused).toMatchObject({ code: "invalid", status: 422 });
    expect(found().list.records[0]).toBe(before);
    expect(found().change.error).toBe(refused);
  });

  test("hands a conflict over with both versions and what they have in common", async () => {
    const page = office();
    const found = await using(page, () => ({ list: useRecords("escrow"), change: useMutateRecord("escrow") }));
    await page.connected();
    const [base] = found().list.records;
    if (!base) throw new Error("no record");
    const current = { ...base, city: "Woodland", version: 2, room: base.room };
    page.world.server.refusesWrites = { status: 412, code: "stale_version", detail: "changed", retryable: false, current };
    await act(async () => {
      await found().change.patch(base, { city: "Chico" }).catch(() => undefined);
    });
    const { conflict } = found().change;
    expect(conflict).toBeInstanceOf(Conflict);
    expect(conflict?.base).toBe(base);
    expect(conflict?.mine).toMatchObject({ city: "Chico", version: 1 });
    expect(conflict?.theirs).toEqual(current);
    expect(page.world.server.written).toMatchObject([{ method: "PATCH", ifMatch: '"1"' }]);
  });

  test("that creates shows the record before it has an id, and then in its place", async () => {
    const page = office();
    const offline = await Offline.open(page.world.client, { user: "ava", store: memory() });
    const found = await using(page, () => ({ list: useRecords("escrow"), change: useMutateRecord("escrow") }), offline);
    await page.connected();
    await act(async () => {
      void found().change.create({ propertyAddress: "12 Harbor Way" });
    });
    expect(found().list.records.map(({ id }) => id[0])).toEqual(["~", "e"]);
    expect(found().list.records[0]).toMatchObject({ propertyAddress: "12 Harbor Way", status: "opened", ownerId: "ava" });
    await page.later(1);
    expect(found().list.records.map(({ id }) => id)).toEqual(["made-1", "e1"]);
  });

  test("of a record that waits already is about the version that the first one makes", async () => {
    const page = office();
    const offline = await Offline.open(page.world.client, { user: "ava", store: memory() });
    const found = await using(page, () => ({ list: useRecords("escrow"), change: useMutateRecord("escrow") }), offline);
    await page.connected();
    const { change, list } = found();
    const [record] = list.records;
    if (!record) throw new Error("no record");
    await act(async () => {
      void change.patch(record, { city: "Chico" });
      void change.patch(record, { zip: "95616" });
      await page.world.time.advance(1);
    });
    await frame();
    expect(page.world.server.written.map(({ ifMatch }) => ifMatch)).toEqual(['"1"', '"2"']);
    expect(found().list.records[0]).toMatchObject({ city: "Chico", zip: "95616", version: 3 });
  });
});

describe("the connection", () => {
  test("says how it stands and how many writes wait", async () => {
    const page = office();
    const offline = await Offline.open(page.world.client, { user: "ava", store: memory() });
    const found = await using(page, () => useConnection(), offline);
    expect(found()).toMatchObject({ status: "disconnected", waiting: 0, lastSyncAt: undefined });
    await page.connected();
    expect(found()).toMatchObject({ status: "connected", reason: "connected" });
    expect(found().lastSyncAt).toBeDefined();
    await act(async () => {
      page.world.server.unreachable = true;
      page.world.server.live.end();
      await page.world.time.advance(0.1);
      void offline.write({ noun: "escrow", method: "DELETE", id: "e1" }).catch(() => undefined);
      await page.world.time.advance(0.1);
    });
    expect(found()).toMatchObject({ status: "reconnecting", waiting: 1 });
    expect(found().retryAt).toBeGreaterThan(0);
    await act(async () => {
      page.world.server.unreachable = false;
      found().retry();
      await page.world.time.advance(1);
    });
    expect(found()).toMatchObject({ status: "connected", waiting: 0 });
  });
});

describe("what is followed", () => {
  const commit = { room: "team:north", epoch: "1", seq: 1, id: "c", at: "2026-03-01T09:00:00.000Z", by: "ben", events: [] };
  const figures = { counts: { opened: 1, closed: 0 }, archived: 0, openVolumeCents: 500, commissionCents: { "2026-03": 5 } };
  const stats = {
    total: { ...figures, counts: { opened: 3, closed: 0 }, openVolumeCents: 900 },
    rooms: {
      "team:north": { version: 4, ...figures },
      "private:ava": { version: 1, ...figures, counts: { opened: 2, closed: 0 }, openVolumeCents: 400, commissionCents: {} },
    },
    positions: {},
  } as unknown as StatsOf<Noun>;

  const event = (version: number): WireEvent => ({
    type: "escrow:stats",
    data: { room: "team:north", version, changes: { counts: { opened: 0, closed: 1 }, openVolumeCents: 0, commissionCents: { "2026-03": null } } },
  });

  test("figures of a room change by a patch, and the total with them", () => {
    const next = followed(stats, [event(5), commit]);
    expect(next?.total).toEqual({ counts: { opened: 2, closed: 1 }, archived: 0, openVolumeCents: 400, commissionCents: {} });
    expect(next?.rooms["team:north"]?.version).toBe(5);
  });

  test("figures that are known already do not change again, and a gap is not bridged", () => {
    expect(followed(stats, [event(4), commit])).toBe(stats);
    expect(followed(stats, [event(6), commit])).toBeUndefined();
  });

  test("steps are appended in their order, once", () => {
    const history = { items: [{ version: 1, at: commit.at, by: "ava", action: "created", changes: {} }] };
    const step = (version: number): WireEvent => ({ type: "escrow:closed", data: { escrowId: "e1", version, changes: { status: "closed" } } });
    const next = followed(history, [step(2), commit]);
    expect(next?.items[0]).toEqual({ version: 2, at: commit.at, by: "ben", action: "closed", changes: { status: "closed" } });
    expect(next && followed(next, [step(2), commit])).toBe(next);
    expect(followed(history, [step(3), commit])).toBeUndefined();
  });

  test("hooks of history and figures do so with no request", async () => {
    const page = office();
    page.world.server.others.set("/escrows/e1/history", { items: [] });
    page.world.server.others.set("/escrows/stats", { ...stats });
    const found = await using(page, () => ({ history: useHistory("escrow", "e1"), stats: useStats("escrow") }));
    await page.connected();
    page.asked();
    page.world.model.tell([event(5)]);
    page.world.model.update("e1", { city: "Chico" });
    await page.later();
    expect(found().stats.stats?.total.counts).toEqual({ opened: 2, closed: 1 });
    expect(page.asked()).toEqual(["GET /escrows/e1/history?limit=50"]); // it began with nothing: version 1 was missing
  });

  test("figures change with the next frame, unless an answer has brought newer ones by then", async () => {
    const page = office();
    page.world.server.others.set("/escrows/stats", { ...stats });
    const found = await using(page, () => useStats("escrow"));
    await page.connected();
    const hear = async (version: number): Promise<void> => {
      page.world.model.tell([event(version)]);
      await act(async () => {
        page.world.server.publish();
        await page.world.time.advance(0);
      });
    };
    await hear(5);
    await hear(6);
    expect(found().stats?.rooms["team:north"]?.version).toBe(4);
    await frame();
    expect(found().stats?.rooms["team:north"]?.version).toBe(6);

    await hear(7);
    page.world.server.others.set("/escrows/stats", { ...stats, rooms: { "team:north": { version: 9, ...figures } } });
    await act(async () => found().refetch());
    await frame();
    expect(found().stats?.rooms["team:north"]?.version).toBe(9);
  });

  test("of figures that are selected from, a hook renders only another object", async () => {
    const page = office();
    page.world.server.others.set("/escrows/stats", { ...stats });
    const first: unknown[] = [];
    const select = <Known>(known: Known): Known => (first[0] ??= known) as Known;
    let renders = 0;
    const found = await using(page, () => {
      renders += 1;
      return useStats("escrow", select);
    });
    await page.connected();
    const before = renders;
    page.world.model.tell([event(5)]);
    await page.later();
    expect(renders).toBe(before);
    expect(found().stats).toBe(first[0]);
  });

  test("a history that is on its way takes what is told of its own record, and of no other", async () => {
    const page = office();
    const created = { version: 1, at: commit.at, by: "ava", action: "created", changes: {} };
    page.world.server.others.set("/escrows/e1/history", { items: [created] });
    page.world.server.listsTake = 5;
    await page.connected();
    const found = await using(page, () => useHistory("escrow", "e1"));
    page.world.model.create("e2");
    page.world.model.update("e2", { city: "Truckee" });
    page.world.model.update("e1", { city: "Chico" });
    await page.later(10);
    expect(found().steps.map(({ changes }) => changes.city)).toEqual(["Chico", undefined]);
  });
});
