/** Whether a person is there: beats of three tabs over one socket, with slow timers, killed and frozen. */

import { describe, expect, test } from "vitest";
import { collaboration } from "../../src/collaboration/index.js";
import { FakeBrowser } from "../support/browser.js";
import type { Tab } from "../support/browser.js";
import { Office } from "../support/office.js";
import { World } from "../support/world.js";

async function three(): Promise<[FakeBrowser, Office, Tab, Tab, Tab]> {
  const browser = new FakeBrowser();
  browser.slowsHidden = true;
  const office = new Office(browser.server);
  const [one, two, last] = await browser.open(3);
  if (!one || !two || !last) throw new Error("no tabs");
  for (const tab of [one, two, last]) collaboration(tab.client);
  await browser.time.advance(0);
  return [browser, office, one, two, last];
}

const HEARD_OF_WITHIN = 40; // seconds, before the server calls a connection dead

describe("a person with three tabs", () => {
  test("is heard of as often as the ticket says, from the tab that has the socket", async () => {
    const [browser, office] = await three();
    await browser.time.advance(100);
    expect(office.beats.map(({ at }) => Math.floor(at))).toEqual([0, 25, 50, 75, 100]);
    expect(new Set(office.beats.map(({ socket }) => socket)).size).toBe(1);
    expect(office.beats.every(({ active }) => active)).toBe(true);
  });

  test("is away when every tab is hidden, and back as soon as one is looked at", async () => {
    const [browser, office, ...tabs] = await three();
    await browser.time.advance(6);
    for (const tab of tabs.slice(0, 2)) await tab.hide();
    expect(office.beats.at(-1)?.active).toBe(true);
    await tabs[2]?.hide();
    expect(office.beats.at(-1)?.active).toBe(false);
    const said = office.beats.length;
    await browser.time.advance(7);
    await tabs[1]?.show();
    expect(office.beats.length).toBe(said + 1);
    expect(office.beats.at(-1)).toMatchObject({ active: true });
  });

  test("who goes from window to window tells so every five seconds, and what is so in the end", async () => {
    const [browser, office, ...tabs] = await three();
    for (const tab of tabs.slice(0, 2)) await tab.hide();
    await browser.time.advance(6);
    const said = office.beats.length;
    for (let second = 0; second < 20; second += 1) {
      await tabs[2]?.hide();
      await browser.time.advance(0.4);
      await tabs[2]?.show();
      await browser.time.advance(0.4);
    }
    expect(office.beats.length - said).toBeLessThanOrEqual(4);
    await tabs[2]?.hide();
    await browser.time.advance(30); // their timers are slow then
    expect(office.beats.at(-1)?.active).toBe(false);
  });

  test("is away after five minutes in which nobody touched anything, and back at the first touch of any tab", async () => {
    const [browser, office, , , last] = await three();
    await browser.time.advance(200);
    await last.touch();
    await browser.time.advance(299);
    expect(office.beats.at(-1)?.active).toBe(true);
    await browser.time.advance(2);
    expect(office.beats.at(-1)?.active).toBe(false);
    const before = office.beats.length;
    await browser.time.advance(5);
    await last.touch();
    expect(office.beats.length).toBe(before + 1);
    expect(office.beats.at(-1)?.active).toBe(true);
  });

  test("is heard of in time while all tabs are hidden and their timers run once a minute", async () => {
    const [browser, office, ...tabs] = await three();
    for (const tab of tabs) await tab.hide();
    const since = office.seconds;
    await browser.time.advance(900);
    expect(office.longestSilence(since)).toBeLessThan(HEARD_OF_WITHIN);
    expect(office.beats.filter(({ at }) => at > since).every(({ active }) => !active)).toBe(true);
  });

  test("would not be, were it not for the worker", async () => {
    const [browser, office, ...tabs] = await three();
    browser.hasWorkers = false;
    for (const tab of tabs) await tab.hide();
    const since = office.seconds;
    await browser.time.advance(300);
    expect(office.longestSilence(since)).toBeGreaterThan(HEARD_OF_WITHIN);
  });

  test("is neither away nor dead while the tab that leads is hidden and another is used", async () => {
    const [browser, office, one, two, last] = await three();
    await one.hide();
    await two.hide();
    for (let count = 0; count < 100; count++) {
      await browser.time.advance(5);
      if (count % 20 === 0) await last.touch();
      await browser.create(`e${count}`); // so that the tabs have no reason to ask who leads
    }
    expect(one.leads).toBe(true);
    expect(office.longestSilence()).toBeLessThan(HEARD_OF_WITHIN);
    expect(office.beats.every(({ active }) => active)).toBe(true);
  });

  test("is heard of over the new connection at once when the tab that leads is killed", async () => {
    const [browser, office, one, two] = await three();
    await browser.time.advance(20);
    const since = office.seconds;
    one.die();
    await browser.time.advance(5);
    const beat = office.beats.find(({ at }) => at >= since);
    expect(beat?.socket).toBe(two.sockets.at(-1));
    expect(beat?.at).toBeLessThan(since + 3);
    expect(beat?.active).toBe(true);
    await browser.time.advance(60);
    expect(office.longestSilence(since)).toBeLessThan(HEARD_OF_WITHIN);
  });

  test("is heard of in time when the tab that leads is frozen, and it says nothing when it thaws", async () => {
    const [browser, office, one, , last] = await three();
    await browser.time.advance(20);
    one.freeze();
    await browser.time.advance(70);
    await last.touch();
    expect(office.longestSilence()).toBeLessThan(HEARD_OF_WITHIN);
    await one.thaw();
    const before = office.beats.length;
    await browser.time.advance(51);
    const later = office.beats.slice(before);
    expect(later.length).toBe(2);
    expect(later.every(({ socket }) => !one.sockets.includes(socket))).toBe(true);
  });

  test("knows the server's time in each of them, also where it was heard late", async () => {
    const [browser, , one, two, last] = await three();
    last.freeze();
    one.client.changeOver();
    await browser.time.advance(30);
    await last.thaw();
    const times = [one, two, last].map(({ client }) => collaboration(client).time.now());
    expect(times).toEqual([1, 1, 1].map(() => browser.time.truth()));
  });

  test("who has closed one of them, and left the others, is away", async () => {
    const [browser, office, one, two, last] = await three();
    await two.hide();
    await last.hide();
    await one.leave(); // as a page does that is closed
    one.die();
    await browser.time.advance(5);
    expect(office.beats.at(-1)?.active).toBe(false);
  });

  test("whose tab has crashed while it was used is away five minutes later", async () => {
    const [browser, office, one, two, last] = await three();
    await two.hide();
    await one.hide();
    last.die();
    await browser.time.advance(250);
    expect(office.beats.at(-1)?.active).toBe(true);
    await browser.time.advance(120);
    expect(office.beats.at(-1)?.active).toBe(false);
  });
});

describe("a beat", () => {
  async function alone(silence = 30_000): Promise<[World, Office]> {
    const world = new World({ timings: { silence } });
    const office = new Office(world.server);
    collaboration(world.client);
    await world.connected();
    return [world, office];
  }

  test("goes out over each new socket, also when nobody notices that there is one", async () => {
    const [world, office] = await alone();
    await world.time.advance(10);
    world.client.changeOver();
    await world.time.advance(1);
    expect(office.beats.map(({ socket }) => world.server.sockets.indexOf(socket))).toEqual([0, 1]);
    expect(world.statuses).toEqual(["connecting", "connected"]);
  });

  test("that is refused for the moment is sent again after a while", async () => {
    const [world, office] = await alone();
    world.server.error = { code: "rate_limited", message: "slowly", retryable: true, retryAfterSeconds: 8 };
    await world.time.advance(26);
    world.server.error = undefined;
    await world.time.advance(8);
    expect(office.beats.map(({ at }) => Math.round(at))).toEqual([0, 33]);
  });

  test("that gets no reply shows that the connection is dead, in time for another one", async () => {
    const [world, office] = await alone(240_000);
    world.server.live.dead = true;
    await world.time.advance(60);
    expect(world.server.sockets.length).toBe(2);
    const heard = office.beats.find(({ socket }) => socket === world.server.sockets[1]);
    expect(heard?.at).toBeLessThan(HEARD_OF_WITHIN);
  });

  test("wants no reply while news shows that the connection is alive, and one as soon as it does not", async () => {
    const [world, office] = await alone(240_000);
    for (let count = 0; count < 20; count += 1) {
      await world.create(`e${count}`);
      await world.time.advance(10);
    }
    const silent = world.server.requests("presence").map((beat) => beat.silent === true);
    expect(silent.slice(1)).toEqual(silent.slice(1).map(() => true));
    expect(silent.length).toBe(9);
    expect(office.longestSilence()).toBeLessThan(26);
    expect(world.server.sockets.length).toBe(1); // no reply is no sign of trouble
    world.server.live.dead = true;
    await world.time.advance(48);
    expect(world.server.sockets.length).toBe(2);
  });

  test("that is silent is said again aloud to a server that does not know the word", async () => {
    const [world, office] = await alone(240_000);
    office.isOld = true;
    for (let count = 0; count < 20; count += 1) {
      await world.create(`e${count}`);
      await world.time.advance(10);
    }
    expect(office.longestSilence()).toBeLessThan(26);
  });

  test("is not taken for news: a silent connection is asked all the same whether anything was missed", async () => {
    const [world] = await alone();
    world.server.loses = () => true;
    await world.create("e1");
    world.server.loses = () => false;
    await world.time.advance(35);
    expect(world.seqs).toEqual([1]);
  });

  test("ends with the connection that its person ends, and begins again with the next one", async () => {
    const [world, office] = await alone();
    world.client.disconnect();
    const before = office.beats.length;
    await world.time.advance(100);
    expect(office.beats.length).toBe(before);
    expect(world.time.timers).toBe(0);
    await world.connected();
    expect(office.beats.length).toBe(before + 1);
  });

  test("is not sent again to a server that knows nothing of it", async () => {
    const world = new World();
    world.server.actions.set("presence", () => ({ code: "unknown_action", message: "no", retryable: false }));
    collaboration(world.client);
    await world.connected();
    await world.time.advance(200);
    expect(world.server.requests("presence").length).toBe(1);
  });
});
