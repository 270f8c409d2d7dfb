/** Several tabs, one socket: whoever leads dies, freezes, hides or loses its network, and nobody misses anything. */

import { describe, expect, test } from "vitest";
import { FakeBrowser } from "./support/browser.js";
import type { Tab } from "./support/browser.js";
import { World } from "./support/world.js";

async function threeTabs(): Promise<[FakeBrowser, Tab, Tab, Tab]> {
  const browser = new FakeBrowser();
  const [one, two, three] = await browser.open(3);
  if (!one || !two || !three) throw new Error("no tabs");
  return [browser, one, two, three];
}

const statuses = (...tabs: Tab[]): string[] => tabs.map(({ client }) => client.state.status);

describe("three tabs", () => {
  test("have one socket, one ticket and one token, and all hear everything once and in order", async () => {
    const [browser, ...tabs] = await threeTabs();
    expect(statuses(...tabs)).toEqual(["connected", "connected", "connected"]);
    expect(browser.server.sockets.length).toBe(1);
    expect(browser.tokens).toBe(1);
    await browser.create("e1", "e2");
    for (const tab of tabs) expect(tab.seqs).toEqual([1, 2]);
    expect(tabs.map(({ leads }) => leads)).toEqual([true, false, false]);
  });

  test("get the replies to their own requests", async () => {
    const [browser, one, two, last] = await threeTabs();
    const replies = await Promise.all([one, two, last].map(({ client }) => client.request("ping")));
    expect(replies.map(({ reply }) => reply)).toHaveLength(3);
    for (const { rooms } of replies) expect(rooms).toEqual(browser.model.heads());
    expect(last.client.latency).toBe(0);
  });

  test("repair their gaps each for itself", async () => {
    const [browser, ...tabs] = await threeTabs();
    browser.server.loses = ({ seq }) => seq === 1;
    await browser.create("e1");
    browser.server.loses = () => false;
    await browser.create("e2");
    await browser.time.advance(1);
    for (const tab of tabs) expect(tab.seqs).toEqual([1, 2]);
  });

  test("go on without loss when the one that leads dies", async () => {
    const [browser, one, two, last] = await threeTabs();
    await browser.create("e1");
    one.die();
    await browser.create("e2");
    await browser.time.advance(1);
    await browser.create("e3");
    expect(statuses(two, last)).toEqual(["connected", "connected"]);
    expect(two.seqs).toEqual([1, 2, 3]);
    expect(last.seqs).toEqual([1, 2, 3]);
    expect(browser.sockets).toBe(1);
    expect([two.leads, last.leads]).toEqual([true, false]);
  });

  test("go on without loss when the one that leads freezes, and it stands back when it thaws", async () => {
    const [browser, one, two, last] = await threeTabs();
    await browser.create("e1");
    one.freeze();
    await browser.create("e2");
    await browser.time.advance(30);
    await browser.create("e3");
    expect(statuses(two, last)).toEqual(["connected", "connected"]);
    expect(two.seqs).toEqual([1, 2, 3]);
    expect(last.seqs).toEqual([1, 2, 3]);
    expect([two.leads, last.leads].filter(Boolean).length).toBe(1);
    await one.thaw();
    await browser.time.advance(1);
    await browser.create("e4");
    expect(one.leads).toBe(false);
    for (const tab of [one, two, last]) expect(tab.seqs).toEqual([1, 2, 3, 4]);
    expect(browser.sockets).toBe(1);
    expect(statuses(one, two, last)).toEqual(["connected", "connected", "connected"]);
  });

  test("notice within seconds of a look that the one that leads is frozen", async () => {
    const [browser, one, two, last] = await threeTabs();
    two.isVisible = last.isVisible = false;
    one.freeze();
    await browser.time.advance(25);
    expect([two.leads, last.leads]).toEqual([false, false]); // nobody looks
    last.isVisible = true;
    await last.wake();
    await browser.time.advance(6);
    await browser.create("e1");
    expect(last.leads).toBe(true);
    expect(last.client.state.status).toBe("connected");
    expect(last.seqs).toEqual([1]);
  });

  test("take over from a frozen one also if none of them is looked at", async () => {
    const [browser, one, two, last] = await threeTabs();
    one.isVisible = two.isVisible = last.isVisible = false;
    one.freeze();
    await browser.time.advance(25);
    await browser.create("e1");
    await browser.time.advance(45);
    expect(statuses(two, last)).toEqual(["connected", "connected"]);
    expect([two.seqs, last.seqs]).toEqual([[1], [1]]);
  });

  test("let a visible one lead instead of a hidden one, and nobody notices", async () => {
    const [browser, one, two, last] = await threeTabs();
    await browser.create("e1");
    one.isVisible = two.isVisible = false;
    await one.leave();
    await last.wake();
    await browser.time.advance(1);
    expect([one.leads, two.leads, last.leads]).toEqual([true, false, false]); // perhaps only for a moment
    await browser.time.advance(60);
    await last.wake();
    await browser.time.advance(1);
    await browser.create("e2");
    expect([one.leads, two.leads, last.leads]).toEqual([false, false, true]);
    expect(browser.sockets).toBe(1);
    for (const tab of [one, two, last]) {
      expect(tab.seqs).toEqual([1, 2]);
      expect(tab.statuses).toEqual(["connecting", "connected"]);
      expect(tab.recoveries).toEqual([]);
    }
  });

  test("change over together before the socket ends, and nobody notices", async () => {
    const [browser, ...tabs] = await threeTabs();
    browser.server.live.end();
    await browser.time.advance(5);
    const before = browser.server.sockets.length;
    for (const tab of tabs) tab.states.length = 0;
    tabs[0]?.client.changeOver();
    await browser.create("e1");
    await browser.time.advance(1);
    await browser.create("e2");
    expect(browser.server.sockets.length).toBe(before + 1);
    expect(browser.sockets).toBe(1);
    for (const tab of tabs) {
      expect(tab.seqs).toEqual([1, 2]);
      expect(tab.states).toEqual([]);
    }
  });

  test("get replies that the old socket did not bring from the new one", async () => {
    const [browser, one, , last] = await threeTabs();
    browser.server.mute = true;
    const asking = last.client.request("ping");
    await browser.time.advance(0);
    browser.server.mute = false;
    one.client.changeOver();
    await browser.time.advance(1);
    expect((await asking).rooms).toEqual(browser.model.heads());
    expect(last.statuses).toEqual(["connecting", "connected"]);
  });

  test("tell the same of a connection that is broken, and any of them can have it tried again", async () => {
    const [browser, ...tabs] = await threeTabs();
    browser.server.unreachable = true;
    browser.server.live.end();
    await browser.time.advance(1);
    expect(new Set(statuses(...tabs))).toEqual(new Set(["reconnecting"]));
    const [one, , last] = tabs;
    expect(last?.client.state.retryAt).toBe(one?.client.state.retryAt);
    expect(last?.client.state.reason).toBe("the server could not be reached");
    await browser.time.advance(300);
    expect(new Set(statuses(...tabs))).toEqual(new Set(["error"]));
    browser.server.unreachable = false;
    last?.client.retry();
    await browser.time.advance(1);
    expect(new Set(statuses(...tabs))).toEqual(new Set(["connected"]));
    await browser.create("e1");
    for (const tab of tabs) expect(tab.seqs).toEqual([1]);
    expect(browser.sockets).toBe(1);
  });

  test("go on when the one that leads is told to disconnect", async () => {
    const [browser, one, two, last] = await threeTabs();
    one.client.disconnect();
    await browser.time.advance(5);
    await browser.create("e1");
    expect(statuses(one, two, last)).toEqual(["disconnected", "connected", "connected"]);
    expect(last.seqs).toEqual([1]);
    one.client.connect();
    await browser.time.advance(1);
    expect(statuses(one, two, last)).toEqual(["connected", "connected", "connected"]);
    expect(one.seqs).toEqual([1]);
    expect(browser.sockets).toBe(1);
  });

  test("do not all take over from a frozen one", async () => {
    const browser = new FakeBrowser();
    const tabs = await browser.open(6);
    const before = browser.server.sockets.length;
    tabs[0]?.freeze();
    await browser.time.advance(60);
    expect(browser.server.sockets.length).toBe(before + 1);
    expect(tabs.slice(1).filter(({ leads }) => leads).length).toBe(1);
    expect(new Set(statuses(...tabs.slice(1)))).toEqual(new Set(["connected"]));
  });
});

describe("writes of several tabs", () => {
  test("are shown in all, sent by the one that leads, and answered where they were wanted", async () => {
    const [browser, one, two, last] = await threeTabs();
    await browser.create("e1");
    const answer = last.offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } });
    await browser.time.advance(1);
    expect(await answer).toMatchObject({ city: "Chico", version: 2 });
    expect(browser.server.written.length).toBe(1);
    for (const tab of [one, two, last]) {
      expect(tab.offline.record("escrow", "e1")).toMatchObject({ city: "Chico", version: 2 });
      expect(tab.offline.waiting).toEqual([]);
    }
  });

  test("of a tab that has died are sent all the same, once", async () => {
    const [browser, one, two, last] = await threeTabs();
    await browser.create("e1");
    browser.server.unreachable = true;
    browser.server.live.end();
    await browser.time.advance(1);
    void one.offline
      .write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Chico" } })
      .catch(() => undefined);
    await browser.time.advance(1);
    expect(last.offline.record("escrow", "e1")).toMatchObject({ city: "Chico" });
    one.die();
    browser.server.unreachable = false;
    await browser.time.advance(60);
    expect(browser.model.records.get("e1")).toMatchObject({ city: "Chico", version: 2 });
    expect(browser.server.written.length).toBe(1);
    expect([...two.offline.waiting, ...last.offline.waiting]).toEqual([]);
  });

  test("refused are rolled back in all", async () => {
    const [browser, one, , last] = await threeTabs();
    await browser.create("e1");
    browser.server.refusesWrites = { status: 422, code: "invalid", detail: "no such place", retryable: false };
    const refused = expect(
      last.offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Nowhere" } }),
    ).rejects.toMatchObject({ code: "invalid", status: 422, message: "no such place" });
    await browser.time.advance(1);
    await refused;
    for (const tab of [one, last]) expect(tab.offline.record("escrow", "e1")).not.toHaveProperty("city");
  });
});

describe("what is kept", () => {
  test("is written by the one that leads, and by the next one when it is gone", async () => {
    const [browser, one, two] = await threeTabs();
    await browser.create("e1");
    await browser.time.advance(2);
    expect(browser.kept.has("record/escrow/e1")).toBe(true);
    one.die();
    await browser.time.advance(1);
    browser.model.delete("e1");
    await browser.create("e2");
    await browser.time.advance(2);
    expect(two.leads).toBe(true);
    expect([...browser.kept.keys()].filter((name) => name.startsWith("record/"))).toEqual(["record/escrow/e2"]);
    expect(browser.kept.get("positions")).toEqual(browser.model.heads());
  });
});

test("a sign-out in one tab ends all of them without a trace", async () => {
  const [browser, one, two, last] = await threeTabs();
  await browser.create("e1");
  await browser.time.advance(2);
  let told = 0;
  for (const tab of [one, two]) {
    tab.offline.onWiped(() => {
      told += 1;
      tab.client.disconnect();
    });
  }
  last.client.disconnect();
  await last.offline.wipe();
  await browser.time.advance(1);
  await one.offline.wipe(); // it hears of the sign-out by itself, too
  await browser.create("e2");
  await browser.time.advance(5);
  await one.leave();
  expect(told).toBe(2);
  expect(browser.kept.size).toBe(0);
  expect(statuses(one, two, last)).toEqual(["disconnected", "disconnected", "disconnected"]);
  expect(browser.sockets).toBe(0);
});

test("without locks each tab has a socket of its own", async () => {
  const world = await new World().connected();
  expect(world.client.state.status).toBe("connected");
  expect(world.server.sockets.length).toBe(1);
});
