/** Changing over to a new socket before the old one ends: nobody notices. */

import { describe, expect, test } from "vitest";
import { MINE, NORTH } from "./support/model.js";
import { World } from "./support/world.js";

const DUE = 87.5; // seconds after the first connection, with a `random` of 0.5
const UNDISTURBED = ["connecting", "connected"];

function rotating(random = 0.5): Promise<World> {
  return new World({ random, timings: { rotate: 100_000 } }).connected();
}

describe("changing over", () => {
  test("happens in time, again and again, and nothing is told", async () => {
    const world = await rotating();
    for (let turn = 1; turn < 5; turn++) {
      await world.create(`e${turn}`);
      await world.time.advance(DUE - 1);
      expect(world.server.sockets.length).toBe(turn);
      await world.time.advance(1);
      expect(world.server.open).toEqual([...Array.from({ length: turn }, () => false), true]);
      expect(world.client.latency).toBe(0);
    }
    expect(world.server.tickets).toEqual(["t1", "t2", "t3", "t4", "t5"]);
    expect(world.server.goodbyes).toBe(4);
    expect(world.seqs).toEqual([1, 2, 3, 4]);
    expect(world.statuses).toEqual(UNDISTURBED);
    expect(world.recoveries).toEqual([]);
  });

  test.each([
    [0, 100],
    [0.4, 90],
    [0.8, 80],
  ])("of a crowd that connected together is spread out, and never late: %d", async (random, due) => {
    const world = await rotating(random);
    await world.time.advance(due - 0.1);
    expect(world.server.sockets.length).toBe(1);
    await world.time.advance(0.2);
    expect(world.server.sockets.length).toBe(2);
  });

  test("is before two hours unless told otherwise", async () => {
    const world = await new World({ random: 0, timings: { rotate: 6_600_000 } }).connected();
    await world.time.advance(7_200 - 500);
    expect(world.server.sockets.length).toBe(2);
  });

  test("leaves the old socket delivering until the new one has caught up", async () => {
    const world = await rotating();
    world.server.connectingTakes = 1;
    await world.time.advance(DUE);
    await world.create("e1");
    expect(world.seqs).toEqual([1]);
    expect(world.server.open).toEqual([true, false]);
    await world.time.advance(1);
    await world.create("e2");
    expect(world.seqs).toEqual([1, 2]);
    expect(world.server.open).toEqual([false, true]);
    expect(world.recoveries).toEqual([]);
  });

  test("hands over once and in order what comes on either socket or on both", async () => {
    const world = await rotating();
    await world.time.advance(DUE - 1);
    world.server.mute = true;
    const asking = world.client.request("ping").catch(() => undefined); // keeps the old socket for a while
    await world.time.advance(0.5);
    world.server.mute = false;
    await world.time.advance(1);
    expect(world.server.open).toEqual([true, true]);
    for (const [number, sockets] of [[0], [1], [0, 1], [1, 0]].entries()) {
      world.model.create(`e${number}`);
      for (const socket of sockets) world.post(socket);
      await world.time.advance(0);
    }
    expect(world.seqs).toEqual([1, 2, 3, 4]);
    await world.time.advance(10);
    await asking;
    expect(world.server.open).toEqual([false, true]);
  });

  test("is tried again if it fails, while the old socket goes on", async () => {
    const world = await rotating();
    world.server.unreachable = true;
    await world.time.advance(DUE);
    await world.create("e1");
    world.server.unreachable = false;
    world.server.refuses = { status: 503, code: "busy", detail: "too much at once", retryable: true, retryAfter: 7 };
    await world.time.advance(1);
    await world.create("e2");
    world.server.refuses = undefined;
    await world.time.advance(5);
    expect(world.server.sockets.length).toBe(1); // the server asked for patience
    world.server.endsAfterSyncs = 1;
    await world.time.advance(2);
    expect(world.server.open).toEqual([true, false]);
    await world.create("e3");
    await world.time.advance(5);
    expect(world.server.open).toEqual([false, false, true]);
    expect(world.seqs).toEqual([1, 2, 3]);
    expect(world.statuses).toEqual(UNDISTURBED);
    expect(world.recoveries).toEqual([]);
  });

  test("that does not happen in time is a break like any other", async () => {
    const world = await rotating();
    world.server.unreachable = true;
    await world.time.advance(DUE + 60);
    world.server.live.end(1001);
    await world.create("e1");
    expect(world.statuses).toEqual([...UNDISTURBED, "reconnecting"]);
    world.server.unreachable = false;
    await world.time.advance(5);
    expect(world.client.state.status).toBe("connected");
    expect(world.seqs).toEqual([1]);
  });

  test("shows what is fatal, too", async () => {
    const world = await rotating();
    world.server.refuses = { status: 403, code: "user_unknown", detail: "not in the directory", retryable: false };
    await world.time.advance(DUE);
    expect(world.client.state).toMatchObject({ status: "error", code: "user_unknown" });
    expect(world.server.open).toEqual([false]);
  });

  test("loses nothing to an old socket that dies while the new one is opened", async () => {
    const world = await rotating();
    world.server.connectingTakes = 3;
    await world.time.advance(DUE + 1);
    world.server.sockets[0]?.end();
    await world.create("e1");
    expect(world.client.state.status).toBe("reconnecting");
    await world.time.advance(10);
    expect(world.client.state.status).toBe("connected");
    expect(world.seqs).toEqual([1]);
    expect(world.recoveries.at(-1)?.missed).toEqual({ [NORTH]: 1 });
    expect(world.server.open.filter(Boolean).length).toBe(1);
  });

  test("ends with an old socket that dies while the new one catches up", async () => {
    const world = await rotating();
    await world.time.advance(DUE - 0.1);
    world.server.mute = true;
    await world.time.advance(1);
    world.server.sockets[0]?.end();
    world.server.mute = false;
    await world.create("e1");
    expect(world.server.open).toEqual([false, false]);
    await world.time.advance(10);
    expect(world.client.state.status).toBe("connected");
    expect(world.seqs).toEqual([1]);
  });

  test("says goodbye on both sockets when it is told to disconnect", async () => {
    const world = await rotating();
    await world.time.advance(DUE - 0.1);
    world.server.mute = true;
    await world.time.advance(1);
    expect(world.server.open).toEqual([true, true]);
    world.client.disconnect();
    expect(world.server.goodbyes).toBe(2);
    expect(world.statuses).toEqual([...UNDISTURBED, "disconnected"]);
    await world.time.advance(100);
    expect(world.time.timers).toBe(0);
  });

  test("lets a request on the old socket get its reply before that is closed", async () => {
    const world = await rotating();
    await world.time.advance(DUE - 1);
    world.server.mute = true;
    const asking = world.client.request("ping");
    await world.time.advance(0);
    world.server.mute = false;
    await world.time.advance(2);
    const [old, next] = world.server.sockets;
    expect(old?.open).toBe(true);
    await world.client.request("ping");
    expect(next?.sent.map(({ action }) => action)).toEqual(["sync", "ping"]);
    if (old) world.server.answer(old, old.sent.at(-1) ?? {});
    expect((await asking).rooms).toEqual(world.model.heads());
    await world.time.advance(0);
    expect(old?.open).toBe(false);
  });

  test("fills a gap that is being filled before the new socket asks", async () => {
    // Two syncs at once would take each other's replies for proof.
    const world = await rotating();
    await world.time.advance(DUE - 0.3);
    world.server.mute = true;
    world.model.create("e1");
    world.model.create("e2");
    world.post(0);
    await world.time.advance(1);
    const [old, next] = world.server.sockets;
    expect(old?.sent.at(-1)?.action).toBe("sync");
    expect(next?.sent).toEqual([]);
    world.server.mute = false;
    if (old) world.server.answer(old, old.sent.at(-1) ?? {});
    await world.time.advance(0);
    expect(next?.sent.map(({ action }) => action)).toEqual(["sync"]);
    expect(world.seqs).toEqual([1, 2]);
    expect(world.recoveries).toEqual([{ missed: { [NORTH]: 2 }, reset: [], away: 0 }]);
    expect(old?.open).toBe(false);
  });

  test("tells of a gap that only the new socket fills", async () => {
    const world = await rotating();
    await world.time.advance(DUE - 0.1);
    world.model.create("e1");
    world.model.create("e2");
    world.post(0);
    await world.time.advance(1);
    expect(world.seqs).toEqual([1, 2]);
    expect(world.recoveries).toEqual([{ missed: { [NORTH]: 2 }, reset: [], away: 0 }]);
  });

  test("notices a log that began anew, and loads what is in use", async () => {
    const world = await rotating();
    world.useEscrows();
    await world.create("e1");
    await world.time.advance(DUE - 0.1);
    world.model.rebuild(NORTH);
    await world.time.advance(1);
    expect(world.server.asked).toEqual(["GET /escrows"]);
    expect(world.recoveries).toEqual([{ missed: {}, reset: [NORTH], away: 0 }]);
    expect(world.statuses).toEqual(UNDISTURBED);
  });

  test("that failed after rooms were found lost has them fetched over the old socket", async () => {
    const world = await rotating();
    world.useEscrows();
    await world.create("e1");
    await world.time.advance(DUE - 0.1);
    world.model.rebuild(NORTH);
    world.server.unlisted = [NORTH];
    await world.time.advance(0.1);
    world.server.unlisted = [];
    await world.time.advance(0.2);
    expect(world.server.open).toEqual([true, false]);
    await world.create("e2");
    expect(world.commits).toEqual([
      [NORTH, 1],
      [NORTH, 1],
    ]);
    expect(world.statuses).toEqual(UNDISTURBED);
    expect(world.model.heads()[MINE]?.seq).toBe(0);
  });
});
