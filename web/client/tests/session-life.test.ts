/** What ends a session, what brings it back, and what it says of itself meanwhile. */

import { describe, expect, test } from "vitest";
import { ClientError } from "../src/errors.js";
import type { Refusal } from "./support/server.js";
import { World } from "./support/world.js";

const BUSY: Refusal = { status: 503, code: "busy", detail: "too much at once", retryable: true };
const FORGED: Refusal = { status: 403, code: "unauthenticated", detail: "the token is forged", retryable: false };

describe("the states", () => {
  test("are disconnected before it is started, and after it was told to stop", async () => {
    const world = new World();
    expect(world.client.state).toEqual({ status: "disconnected", reason: "not started" });
    await world.connected();
    world.client.disconnect();
    expect(world.client.state).toEqual({ status: "disconnected", reason: "disconnected" });
    expect(world.server.open).toEqual([false]);
    await world.time.advance(600);
    await world.wake();
    expect(world.server.sockets.length).toBe(1);
    expect(world.time.timers).toBe(0);
  });

  test("say when the next try is, and not before the server wants it", async () => {
    const world = new World();
    world.server.refuses = { ...BUSY, retryAfter: 7 };
    await world.connected();
    expect(world.client.state).toEqual({
      status: "connecting",
      reason: "too much at once",
      code: "busy",
      retryAt: world.time.now() - 10 + 7_250,
    });
    world.server.refuses = undefined;
    await world.time.advance(7);
    expect(world.client.state.status).toBe("connecting");
    await world.time.advance(1);
    expect(world.client.state.status).toBe("connected");
  });

  test("are error after 8 failed tries, and retry leads out of it", async () => {
    const world = new World();
    world.server.unreachable = true;
    await world.connected();
    await world.time.advance(300);
    expect(world.client.state).toEqual({
      status: "error",
      reason: "the server could not be reached",
      code: "unreachable",
    });
    expect(world.statuses.filter((status) => status === "connecting").length).toBe(8 + 7);
    world.client.retry();
    await world.time.advance(0.1);
    expect(world.client.state.status).toBe("connecting");
    world.server.unreachable = false;
    await world.time.advance(5);
    expect(world.client.state.status).toBe("connected");
  });

  test("leave an error of too many tries when the network is back or somebody looks", async () => {
    const world = new World();
    world.server.unreachable = true;
    await world.connected();
    await world.time.advance(300);
    world.server.unreachable = false;
    await world.wake();
    expect(world.client.state.status).toBe("connected");
  });

  test("are error at once for what trying does not mend, which only retry leaves", async () => {
    const world = new World();
    world.server.refuses = FORGED;
    await world.connected();
    expect(world.client.state).toEqual({
      status: "error",
      reason: "the token is forged",
      code: "unauthenticated",
    });
    world.server.refuses = undefined;
    await world.wake();
    await world.time.advance(60);
    expect(world.client.state.status).toBe("error");
    world.client.retry();
    await world.time.advance(0);
    expect(world.client.state.status).toBe("connected");
  });

  test("are disconnected while there is no network, which is no error however long it takes", async () => {
    const world = await new World().connected();
    world.server.unreachable = true;
    world.isOnline = false;
    world.server.live.end();
    await world.time.advance(900);
    expect(world.client.state).toMatchObject({
      status: "disconnected",
      reason: "this device is offline",
      code: "offline",
    });
    world.server.unreachable = false;
    world.isOnline = true;
    await world.wake();
    expect(world.client.state.status).toBe("connected");
  });

  test("reach everybody who listens, also if one of them throws, until they stop", async () => {
    const world = new World();
    const heard: string[] = [];
    const stop = world.client.onState(({ status }) => heard.push(status));
    world.client.onState(() => {
      throw new Error("mine");
    });
    await world.connected();
    stop();
    world.client.disconnect();
    expect(heard).toEqual(["connecting", "connected"]);
    expect(world.statuses).toEqual(["connecting", "connected", "disconnected"]);
    expect(world.reported.length).toBe(3);
  });

  test("wait with growing pauses, which shrink again only after a connection that lasted", async () => {
    const world = await new World({ timings: { tries: 100 } }).connected();
    world.server.unreachable = true;
    world.server.live.end();
    await world.time.advance(300);
    const told = world.states.filter(({ retryAt }) => retryAt !== undefined).length;
    expect(told).toBeGreaterThan(8);
    const pause = (): number => (world.client.state.retryAt ?? 0) - world.time.now();
    world.server.unreachable = false;
    await world.wake();
    await world.time.advance(9);
    world.server.live.end();
    await world.time.advance(0);
    expect(pause()).toBe(15_000);
    await world.wake();
    await world.time.advance(10);
    world.server.live.end();
    await world.time.advance(0);
    expect(pause()).toBe(250);
  });
});

describe("a session", () => {
  test("gives up a connection that stops answering", async () => {
    const world = await new World().connected();
    world.server.mute = true;
    await world.time.advance(41);
    expect(world.states[2]).toMatchObject({ status: "reconnecting", reason: "no reply to ping within 10 s" });
    world.server.mute = false;
    await world.time.advance(60);
    expect(world.client.state.status).toBe("connected");
  });

  test("woken asks at once when it is connected, and reconnects at once when it is not", async () => {
    const world = await new World().connected();
    await world.time.advance(2);
    await world.wake();
    expect(world.server.requests("ping").length).toBe(1);
    await world.wake(); // it has just heard
    expect(world.server.requests("ping").length).toBe(1);
    world.server.live.end();
    await world.time.advance(0);
    expect(world.client.state.status).toBe("reconnecting");
    await world.wake();
    expect(world.client.state.status).toBe("connected");
  });

  test("woken gives up a socket that has been opening for long, and keeps one that has not", async () => {
    const world = await new World().connected();
    world.server.connectingTakes = 1_000;
    world.server.live.end();
    await world.time.advance(1);
    await world.wake();
    expect(world.server.sockets.length).toBe(2);
    world.server.connectingTakes = 0;
    await world.time.advance(3);
    await world.wake();
    expect(world.client.state.status).toBe("connected");
    expect(world.server.sockets.length).toBe(3);
  });

  test("gives up a socket that does not open within 10 s", async () => {
    const world = new World();
    world.server.connectingTakes = 60;
    await world.connected();
    await world.time.advance(10);
    expect(world.client.state).toMatchObject({ status: "connecting", code: "unreachable" });
    expect(world.server.goodbyes).toBe(1);
  });

  test("whose machine has slept notices within 5 s of waking that its socket is dead", async () => {
    const world = await new World().connected();
    await world.time.advance(1);
    world.server.live.dead = true;
    world.time.sleep(3_600);
    await world.time.advance(5);
    expect(world.server.requests("ping").length).toBe(1);
    await world.time.advance(6);
    expect(world.client.state.status).toBe("connected");
    expect(world.server.sockets.length).toBe(2);
  });

  test("whose page was frozen hears what has arrived before it calls anyone late", async () => {
    const world = await new World().connected();
    await world.time.advance(29.5);
    world.server.mute = true;
    await world.time.advance(1);
    const { live } = world.server;
    expect(live.sent.at(-1)?.action).toBe("ping");
    world.server.mute = false;
    world.time.setTimeout(() => world.server.answer(live, live.sent.at(-1) ?? {}), 30_001);
    await world.time.freeze(30);
    await world.time.advance(1);
    expect(world.client.state.status).toBe("connected");
    expect(world.server.sockets.length).toBe(1);
  });

  test("in a hidden page, whose timers fire once a minute, is neither dead nor asks more often", async () => {
    const world = await new World({ timings: { silence: 240_000 } }).connected();
    world.isVisible = false;
    for (let minute = 0; minute < 20; minute++) await world.time.freeze(60);
    expect(world.client.state.status).toBe("connected");
    expect(world.server.sockets.length).toBe(1);
    expect(world.server.requests("ping").length).toBeLessThan(6);
  });

  test("is begun anew if it has ended on the server", async () => {
    const world = await new World().connected();
    world.server.error = { code: "session_expired", message: "connect again", retryable: false };
    await world.time.advance(31);
    world.server.error = undefined;
    await world.time.advance(60);
    expect(world.client.state.status).toBe("connected");
    expect(world.statuses).not.toContain("error");
  });

  test("ends for a sync that the server will never take", async () => {
    const world = new World();
    world.server.error = { code: "invalid_message", message: "positions: too many", retryable: false };
    await world.connected();
    expect(world.client.state).toMatchObject({ status: "error", code: "invalid_message" });
  });

  test("says why the server closes it, and stays away", async () => {
    const world = await new World().connected();
    world.server.live.post('{"closing": {"code": "too_many_sockets", "message": "20 are open", "retryable": false}}');
    await world.time.advance(60);
    expect(world.client.state).toEqual({ status: "error", reason: "20 are open", code: "too_many_sockets" });
  });

  test("is prolonged with a ticket of a fresh token before its own ends, whatever this machine's clock says", async () => {
    const world = new World();
    world.time.wrong = 600_000;
    await world.connected();
    await world.time.advance(3_299);
    expect(world.server.requests("auth")).toEqual([]);
    await world.time.advance(2);
    expect(world.server.requests("auth").map(({ ticket }) => ticket)).toEqual(["t2"]);
    expect(world.tokens).toBe(2);
    await world.time.advance(3_600);
    expect(world.server.requests("auth").length).toBe(2);
    expect(world.server.sockets.length).toBe(1);
  });

  test("is not disturbed by a login service that is away for a while", async () => {
    const world = await new World().connected();
    world.server.refuses = BUSY;
    await world.time.advance(3_320);
    world.server.refuses = undefined;
    await world.time.advance(100);
    expect(world.server.requests("auth").length).toBe(1);
    expect(world.client.state.status).toBe("connected");
    expect(world.server.sockets.length).toBe(1);
  });

  test("lets a renewal that was begun on one connection end with it", async () => {
    let give = (_token: string): void => undefined;
    let asked = 0;
    const token = async (): Promise<string> =>
      ++asked === 2 ? new Promise((resolve) => (give = resolve)) : `token-${asked}`;
    const world = await new World({ token }).connected();
    await world.time.advance(3_301);
    expect(asked).toBe(2);
    world.client.disconnect();
    give("late");
    await world.time.advance(0);
    expect(world.server.requests("auth")).toEqual([]);
    expect(world.server.tickets).toEqual(["t1"]);
  });

  test("started, stopped and started at once has one socket", async () => {
    const world = new World();
    world.client.connect();
    world.client.disconnect();
    world.client.connect();
    world.client.connect();
    await world.time.advance(1);
    expect(world.server.sockets.length).toBe(1);
    expect(world.client.state.status).toBe("connected");
    await world.create("e1");
    expect(world.seqs).toEqual([1]);
  });
});

describe("requests of one's own", () => {
  test("get their replies, or the refusal with whether to retry", async () => {
    const world = await new World().connected();
    expect((await world.client.request("ping")).rooms).toEqual(world.model.heads());
    world.server.error = { code: "rate_limited", message: "slow down", retryable: true, retryAfterSeconds: 3 };
    const refused = world.client.request("ping");
    await expect(refused).rejects.toMatchObject({ code: "rate_limited", retryable: true, retryAfter: 3_000 });
    await expect(refused).rejects.toBeInstanceOf(ClientError);
  });

  test("time out alone", async () => {
    const world = await new World().connected();
    world.server.mute = true;
    const late = expect(world.client.request("ping", {}, 2_000)).rejects.toMatchObject({
      code: "timed_out",
      retryable: true,
    });
    await world.time.advance(3);
    await late;
    expect(world.client.state.status).toBe("connected");
  });

  test("end with the socket they were sent on, and none waits for another", async () => {
    const world = await new World().connected();
    world.server.mute = true;
    const broken = expect(world.client.request("ping")).rejects.toMatchObject({ code: "disconnected" });
    world.server.live.end();
    await world.time.advance(0);
    await broken;
    await expect(world.client.request("ping")).rejects.toMatchObject({ code: "not_connected", retryable: true });
  });

  test("are bounded in size and number", async () => {
    const world = await new World().connected();
    await expect(world.client.request("ping", { much: "é".repeat(17_000) })).rejects.toMatchObject({
      code: "frame_too_large",
      retryable: false,
    });
    world.server.mute = true;
    const many = Array.from({ length: 64 }, () => world.client.request("ping").catch(() => undefined));
    await expect(world.client.request("ping")).rejects.toMatchObject({ code: "too_many_requests" });
    world.client.disconnect();
    await Promise.all(many);
  });

  test("that API Gateway failed may be sent again if it was the only one; of several each waits for its reply", async () => {
    const world = await new World().connected();
    world.server.mute = true;
    const fault = '{"message": "Internal server error", "connectionId": "c", "requestId": "r"}';
    const only = expect(world.client.request("ping")).rejects.toMatchObject({ code: "gateway", retryable: true });
    world.server.live.post(fault);
    await world.time.advance(0);
    await only;
    const [one, other] = [world.client.request("ping"), world.client.request("ping")];
    world.server.live.post(fault);
    await world.time.advance(0);
    for (const message of world.server.live.sent.slice(-2)) world.server.answer(world.server.live, message);
    expect(await Promise.all([one, other])).toHaveLength(2);
  });

  test("that the server could not even read end the connection", async () => {
    const world = await new World().connected();
    const error = { code: "bad_frame", message: "not JSON", retryable: false };
    world.server.live.post(JSON.stringify({ reply: null, ok: false, error }));
    await world.time.advance(0);
    expect(world.client.state).toMatchObject({ status: "error", code: "bad_frame" });
  });
});

describe("when nothing is missing", () => {
  test("it says when that was so for the last time", async () => {
    const world = new World();
    expect(world.client.lastSyncAt).toBe(undefined);
    await world.connected();
    const first = world.client.lastSyncAt;
    expect(first).toBe(world.time.now() - 10);
    await world.time.advance(5);
    await world.create("e1");
    const second = world.client.lastSyncAt ?? 0;
    expect(second - (first ?? 0)).toBe(5_010);
    world.model.create("e2");
    world.server.passOver();
    await world.time.advance(5);
    await world.create("e3"); // after a gap
    expect(world.client.lastSyncAt).toBe(second);
    await world.time.advance(1);
    expect(world.client.lastSyncAt).toBeGreaterThan(second);
  });
});
