/** Connecting, catching up, staying whole and coming back, over the whole client. */

import { describe, expect, test } from "vitest";
import { MINE, Model, NORTH } from "./support/model.js";
import { World } from "./support/world.js";

describe("a session", () => {
  test("connects, joins and hands over what is committed", async () => {
    const world = await new World().connected();
    expect(world.statuses).toEqual(["connecting", "connected"]);
    await world.create("e1", "e2");
    expect(world.commits).toEqual([
      [NORTH, 1],
      [NORTH, 2],
    ]);
    expect(world.recoveries).toEqual([]);
  });

  test("without positions loads what is in use, and hands over nothing before that is done", async () => {
    const world = new World();
    world.server.listsTake = 5;
    world.useEscrows();
    await world.connected();
    expect(world.server.asked).toEqual(["GET /escrows"]);
    await world.create("e1");
    expect(world.commits).toEqual([]);
    expect(world.client.state.status).toBe("connecting");
    await world.time.advance(5);
    expect(world.client.state.status).toBe("connected");
    expect(world.commits).toEqual([[NORTH, 1]]);
    expect(world.client.record("escrow", "e1")).toEqual(world.model.records.get("e1"));
  });

  test("comes back after a broken connection, and tells what it recovered", async () => {
    const world = await new World().connected();
    await world.create("e1");
    world.server.unreachable = true;
    world.server.live.end();
    await world.time.advance(0);
    expect(world.client.state).toEqual({
      status: "reconnecting",
      reason: "the connection broke",
      code: "disconnected",
      retryAt: world.time.now() + 250,
    });
    await world.create("e2", "e3");
    world.model.create("m1", MINE);
    world.server.publish();
    await world.time.advance(1);
    world.server.unreachable = false;
    await world.time.advance(10);
    expect(world.client.state.status).toBe("connected");
    expect(world.commits).toEqual([
      [NORTH, 1],
      [NORTH, 2],
      [NORTH, 3],
      [MINE, 1],
    ]);
    expect(world.recoveries).toMatchObject([{ missed: { [NORTH]: 2, [MINE]: 1 }, reset: [] }]);
    expect(world.recoveries[0]?.away).toBeGreaterThan(1_000);
    await world.create("e4");
    expect(world.commits.at(-1)).toEqual([NORTH, 4]);
  });

  test("has a ticket of its own for every connection", async () => {
    const world = await new World().connected();
    for (let turn = 0; turn < 2; turn++) {
      world.server.live.end();
      await world.time.advance(30);
    }
    expect(world.server.tickets).toEqual(["t1", "t2", "t3"]);
  });

  test("says so if nothing was missed", async () => {
    const world = await new World().connected();
    world.server.live.end();
    await world.time.advance(5);
    expect(world.recoveries).toEqual([{ missed: {}, reset: [], away: 250 }]);
  });

  test("recovers again and again, and before the first commit", async () => {
    const world = await new World().connected();
    for (let number = 1; number < 4; number++) {
      world.server.live.end();
      await world.create(`e${number}`);
      await world.time.advance(20);
      expect(world.seqs).toEqual(Array.from({ length: number }, (_, index) => index + 1));
    }
  });

  test("loads afresh what cannot be replayed, but only what is in use, and drops the rest", async () => {
    const world = await new World().connected();
    await world.create("e1");
    await world.client.load("escrow", () => world.client.rest.list("escrow", {}));
    world.server.live.end();
    await world.create("e2", "e3");
    world.model.expire(NORTH, 2);
    await world.time.advance(5);
    expect(world.server.asked).toEqual(["GET /escrows"]); // ours, of before
    expect(world.client.cache.all("escrow")).toEqual([]);
    expect(world.recoveries.at(-1)).toMatchObject({ missed: {}, reset: [NORTH] });

    const stop = world.useEscrows();
    world.server.live.end();
    await world.create("e4");
    world.model.expire(NORTH, 2);
    await world.time.advance(15);
    expect(world.server.asked.length).toBe(2);
    expect(world.client.cache.all("escrow").length).toBe(4);
    await world.create("e5");
    expect(world.commits.at(-1)).toEqual([NORTH, 5]);
    stop();
  });

  test("fills a gap by asking after a moment", async () => {
    const world = await new World().connected();
    world.model.create("e1");
    world.server.passOver();
    await world.create("e2");
    expect(world.commits).toEqual([]);
    expect(world.server.requests("sync").length).toBe(1);
    await world.time.advance(0.2);
    expect(world.seqs).toEqual([1, 2]);
    expect(world.server.requests("sync").length).toBe(2);
    expect(world.recoveries).toEqual([{ missed: { [NORTH]: 2 }, reset: [], away: 0 }]);
  });

  test("asks nothing about a gap that closes by itself", async () => {
    const world = await new World().connected();
    world.model.create("e1");
    world.model.create("e2");
    world.model.stream.reverse();
    world.server.publish();
    await world.time.advance(1);
    expect(world.seqs).toEqual([1, 2]);
    expect(world.server.requests("sync").length).toBe(1);
  });

  test("notices by its heartbeat what a silent room missed, and measures the latency", async () => {
    const world = await new World().connected();
    world.server.loses = () => true;
    await world.create("e1");
    world.server.loses = () => false;
    await world.time.advance(29);
    expect(world.commits).toEqual([]);
    await world.time.advance(2);
    expect(world.seqs).toEqual([1]);
    expect(world.client.latency).toBe(0);
  });

  test("asks a socket that hears something only now and then", async () => {
    const world = await new World({ timings: { check: 100_000 } }).connected();
    for (let number = 0; number < 9; number++) {
      await world.time.advance(20);
      await world.create(`e${number}`);
    }
    expect(world.server.requests("ping").length).toBe(1);
    await world.time.advance(31);
    expect(world.server.requests("ping").length).toBe(2);
  });

  test("is told by the ticket how long a silence may be", async () => {
    const world = new World({ timings: { silence: undefined } as object });
    world.server.pingSeconds = 200;
    await world.connected();
    await world.time.advance(199);
    expect(world.server.requests("ping")).toEqual([]);
    await world.time.advance(2);
    expect(world.server.requests("ping").length).toBe(1);
  });

  test("follows a long replay to its end", async () => {
    const world = new World();
    world.server.syncLimit = 3;
    await world.connected();
    world.server.live.end();
    await world.create(...Array.from({ length: 10 }, (_, number) => `e${number}`));
    await world.time.advance(5);
    expect(world.seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(world.recoveries.at(-1)?.missed).toEqual({ [NORTH]: 10 });
  });

  test("tells of all that was missed in a recovery that took several connections", async () => {
    const world = new World();
    world.server.syncLimit = 3;
    await world.connected();
    world.server.live.end();
    await world.create(...Array.from({ length: 10 }, (_, number) => `e${number}`));
    world.server.endsAfterSyncs = 2;
    await world.time.advance(20);
    expect(world.seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(world.server.sockets.length).toBeGreaterThan(2);
    expect(world.recoveries.map(({ missed }) => missed)).toEqual([{ [NORTH]: 10 }]);
  });

  test("loses nothing to a reply that overtakes the replayed commits", async () => {
    const world = new World();
    world.server.repliesFirst = true;
    await world.connected();
    world.server.live.end();
    await world.create("e1", "e2");
    await world.time.advance(5);
    expect(world.seqs).toEqual([1, 2]);
    expect(world.client.state.status).toBe("connected");
  });

  test("asks again for a replayed commit that was lost, though the reply said that all was sent", async () => {
    const world = await new World().connected();
    world.server.live.end();
    await world.create("e1", "e2");
    world.server.loses = ({ seq }) => seq === 1;
    await world.time.advance(1);
    expect(world.client.state.status).toBe("reconnecting");
    world.server.loses = () => false;
    await world.time.advance(5);
    expect(world.seqs).toEqual([1, 2]);
    expect(world.client.state.status).toBe("connected");
  });

  test("leaves a server that never sends what it promises, and tries again later", async () => {
    const world = await new World().connected();
    world.server.live.end();
    await world.create("e1");
    world.server.loses = () => true;
    await world.time.advance(120);
    expect(world.states.map(({ reason }) => reason)).toContain("the server says that there is more, and sends nothing");
    expect(world.server.requests("sync").length).toBeLessThan(60);
  });

  test("tries a sync that may succeed later again on the same connection", async () => {
    const world = new World();
    world.server.error = { code: "busy", message: "try again", retryable: true };
    await world.connected();
    await world.time.advance(1);
    world.server.error = undefined;
    await world.time.advance(5);
    expect(world.client.state.status).toBe("connected");
    expect(world.server.sockets.length).toBe(1);
  });

  test("forgets a room that is lost, and loads a new one", async () => {
    const world = new World();
    world.model.create("e1");
    world.useEscrows();
    await world.connected();
    expect(world.client.cache.all("escrow").length).toBe(1);
    world.model.leave(NORTH);
    world.model.join("team:south");
    await world.time.advance(31);
    expect(world.client.cache.all("escrow")).toEqual([]);
    expect(world.server.asked.length).toBe(2);
    world.model.create("s1", "team:south");
    world.server.publish();
    await world.time.advance(0);
    expect(world.commits).toEqual([["team:south", 1]]);
  });

  test("passes over frames of an unknown kind, and hands on hints", async () => {
    const world = await new World().connected();
    world.server.live.post('{"weather": "fine"}');
    world.server.live.post('{"ephemeral": [{"type": "user:typing", "data": {"userId": "u2"}}]}');
    await world.time.advance(0);
    expect(world.events).toEqual(["user:typing"]);
    expect(world.client.state.status).toBe("connected");
  });

  test("does not take a room that no list covers for empty", async () => {
    const world = new World();
    world.server.unlisted = [NORTH];
    world.useEscrows();
    await world.connected();
    expect(world.client.state.reason).toBe("there is a live room, but no list of it: team:north");
    world.server.unlisted = [];
    await world.time.advance(5);
    expect(world.client.state.status).toBe("connected");
  });

  test("in 1,000 rooms syncs in frames that the server takes", async () => {
    const rooms = Array.from({ length: 1_000 }, (_, number) => `team:${String(number).padStart(36, "0")}`);
    const world = await new World({ model: new Model(...rooms) }).connected();
    expect(world.client.state.status).toBe("connected");
    world.server.live.end();
    world.model.create("e1", rooms[999]);
    await world.time.advance(10);
    expect(world.client.state.status).toBe("connected");
    expect(world.server.live.sent.map(({ action, part }) => [action, part])).toEqual([
      ...Array.from({ length: 4 }, () => ["sync", true]),
      ["ping", undefined],
    ]);
    expect(world.server.live.longest).toBeLessThan(32 * 1024);
    expect(world.commits).toEqual([[rooms[999], 1]]);
  });

  test("does not open a socket again that was closed for too long a frame", async () => {
    const world = await new World().connected();
    world.server.live.end(1009);
    await world.time.advance(60);
    expect(world.client.state).toEqual({
      status: "error",
      reason: "a frame may hold 32768 bytes",
      code: "frame_too_large",
    });
    expect(world.server.sockets.length).toBe(1);
  });

  test("gives up a connection for a frame that breaks the protocol, and goes on with another", async () => {
    const world = await new World().connected();
    world.server.live.post("[1]");
    await world.time.advance(0);
    expect(world.client.state.status).toBe("reconnecting");
    await world.time.advance(5);
    expect(world.client.state.status).toBe("connected");
  });
});
