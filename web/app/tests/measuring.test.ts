import type { Environment, EventListener, State } from "@openhouse/client";
import { beforeEach, describe, expect, it } from "vitest";
import { EVERY, measure, type Page } from "../src/live/measuring";
import { withRequestIds } from "../src/live/requestIds";

const AT = Date.parse("2026-03-02T12:00:00.000Z");

/** A page of which everything happens when told. */
function world() {
  let now = AT;
  let painted: (() => void)[] = [];
  let tick: () => void = () => undefined;
  let crash: () => void = () => undefined;
  let hear: EventListener<"*"> = () => undefined;
  let change: (state: State) => void = () => undefined;
  const sent: unknown[] = [];
  const state = { status: "connected", reason: "" } as State;
  const told = { visible: true, speaks: true, refused: false };
  const page: Page = {
    now: () => now,
    painted: (call) => void painted.push(call),
    every: (milliseconds, call) => {
      expect(milliseconds).toBe(EVERY);
      tick = call;
      return () => (tick = () => undefined);
    },
    visible: () => told.visible,
    onError: (call) => {
      crash = call;
      return () => undefined;
    },
  };
  const client = {
    state,
    on: (_pattern: string, listener: EventListener<"*">) => {
      hear = listener;
      return () => (hear = () => undefined);
    },
    onState: (listener: (state: State) => void) => {
      change = listener;
      return () => undefined;
    },
    rest: {
      send: async (method: string, path: string, { body }: { body?: object } = {}) => {
        if (told.refused) throw new Error("reported too soon");
        sent.push([method, path, body]);
        return {};
      },
    },
  } as unknown as Parameters<typeof measure>[0];
  return {
    sent,
    told,
    stop: measure(client, () => told.speaks, page),
    commit(id: string, took: number, events = 1) {
      const commit = { id, at: new Date(AT).toISOString() } as Parameters<EventListener<"*">>[1];
      for (let number = 0; number < events; number += 1) hear({} as never, commit);
      now = AT + took;
      for (const call of painted.splice(0)) call();
    },
    hint: () => hear({} as never, undefined),
    reconnecting: () => change({ status: "reconnecting", reason: "" }),
    crash: () => crash(),
    minute: () => tick(),
    drop: () => (painted = []),
  };
}

describe("what a browser measures", () => {
  let page: ReturnType<typeof world>;
  beforeEach(() => (page = world()));

  it("is told once a minute, a number for each commit, however many events it has", () => {
    page.commit("c1", 140, 3);
    page.commit("c2", 220);
    page.hint();
    page.reconnecting();
    page.crash();
    expect(page.sent).toEqual([]);
    page.minute();
    expect(page.sent).toEqual([["POST", "/metrics", { commitToScreen: [140, 220], reconnects: 1, errors: 1 }]]);
  });

  it("is not told when there is nothing, nor twice", () => {
    page.minute();
    page.commit("c1", 140);
    page.minute();
    page.minute();
    expect(page.sent).toHaveLength(1);
  });

  it("leaves out what a wrong clock says, what is not painted, and what another tab tells", () => {
    page.commit("c1", -1);
    page.commit("c2", 60_001);
    page.told.visible = false;
    page.commit("c3", 100);
    page.told.visible = true;
    page.told.speaks = false;
    page.commit("c4", 100);
    page.reconnecting();
    page.minute();
    expect(page.sent).toEqual([]);
  });

  it("holds no more than the server takes", () => {
    for (let number = 0; number < 150; number += 1) page.commit(`c${number}`, 100);
    page.minute();
    expect((page.sent as [string, string, { commitToScreen: number[] }][])[0]?.[2].commitToScreen).toHaveLength(99);
  });

  it("is lost without a word where the server refuses it, and ends when it is stopped", () => {
    page.told.refused = true;
    page.commit("c1", 100);
    page.minute();
    page.told.refused = false;
    page.stop();
    page.commit("c2", 100);
    page.minute();
    expect(page.sent).toEqual([]);
  });
});

it("each request to our own API has a name of its own, and no request to anybody else", async () => {
  const asked: [string, unknown][] = [];
  let made = 0;
  const environment = withRequestIds(
    {
      uuid: () => `${++made}`.padStart(32, "0").split("").toReversed().join(""),
      fetch: async (url: string, request: RequestInit) => {
        asked.push([url, request.headers]);
        return new Response();
      },
    } as unknown as Environment,
    "/api",
  );
  await environment.fetch("/api/escrows", { headers: { authorization: "Bearer x" } });
  await environment.fetch("/api/me", {});
  await environment.fetch("https://bucket.example/x", { headers: { a: "b" } });
  expect(asked).toEqual([
    ["/api/escrows", { authorization: "Bearer x", "x-request-id": "1000000000000000" }],
    ["/api/me", { "x-request-id": "2000000000000000" }],
    ["https://bucket.example/x", { a: "b" }],
  ]);
});
