/** Who looks at a record and types in it: what is sent, and what is shown of others. */

import { describe, expect, test } from "vitest";
import { collaboration } from "../../src/collaboration/index.js";
import type { RecordViews } from "../../src/collaboration/views.js";
import type { Document } from "../../src/merge-patch.js";
import { FakeBrowser } from "../support/browser.js";
import { Office } from "../support/office.js";
import { World } from "../support/world.js";
import type { WorldOptions } from "../support/world.js";

interface Looked {
  readonly world: World;
  readonly office: Office;
  readonly views: RecordViews;
  readonly hint: (verb: string, userId: string, more?: Document) => void;
}

async function looking(options: WorldOptions = {}): Promise<Looked> {
  const world = new World(options);
  const office = new Office(world.server);
  const { views } = collaboration(world.client);
  await world.connected();
  const hint = (verb: string, userId: string, more: Document = {}): void =>
    world.server.hint(`user:${verb}`, { userId, noun: "escrow", recordId: "e1", until: office.at(10), ...more }, world.server.live);
  return { world, office, views: views.of("escrow", "e1"), hint };
}

const nothing = (): void => undefined;

describe("others", () => {
  test("are shown for as long as they look and type, and are over by themselves after ten seconds", async () => {
    const { world, views, hint } = await looking();
    views.subscribe(nothing);
    hint("viewing", "ben");
    hint("typing", "ben", { field: "notes" });
    hint("viewing", "dana");
    await world.time.advance(0);
    expect(views.snapshot().viewers).toEqual([
      { userId: "ben", fields: ["notes"] },
      { userId: "dana", fields: [] },
    ]);
    await world.time.advance(8);
    hint("viewing", "ben");
    await world.time.advance(2.1);
    expect(views.snapshot().viewers).toEqual([{ userId: "ben", fields: [] }]);
    await world.time.advance(8);
    expect(views.snapshot().viewers).toEqual([]);
  });

  test("are told of once, however often they say the same again", async () => {
    const { world, views, hint } = await looking();
    let told = 0;
    views.subscribe(() => (told += 1));
    hint("viewing", "ben");
    hint("typing", "ben", { field: "notes" });
    await world.time.advance(0);
    const shown = views.snapshot();
    expect(told).toBe(2);
    await world.time.advance(8);
    hint("viewing", "ben");
    hint("typing", "ben", { field: "notes" });
    await world.time.advance(0);
    expect(told).toBe(2);
    expect(views.snapshot()).toBe(shown);
    hint("typing", "ben", { field: "city" });
    await world.time.advance(0);
    expect(told).toBe(3);
    await world.time.advance(11);
    expect(views.snapshot().viewers).toEqual([]);
  });

  test("are gone as soon as they say so", async () => {
    const { world, views, hint } = await looking();
    views.subscribe(nothing);
    hint("viewing", "ben");
    hint("typing", "ben", { field: "notes" });
    await world.time.advance(0);
    hint("stopped_typing", "ben", { field: "notes" });
    await world.time.advance(0);
    expect(views.snapshot().viewers).toEqual([{ userId: "ben", fields: [] }]);
    hint("stopped_viewing", "ben");
    await world.time.advance(0);
    expect(views.snapshot().viewers).toEqual([]);
  });

  test("do not stay because a clock is wrong", async () => {
    const { world, office, views, hint } = await looking();
    views.subscribe(nothing);
    hint("viewing", "ben", { until: office.at(3_600) });
    await world.time.advance(9.9);
    expect(views.snapshot().viewers.length).toBe(1);
    await world.time.advance(0.2);
    expect(views.snapshot().viewers).toEqual([]);
  });

  test("are not oneself elsewhere, nor at another record", async () => {
    const { world, views, hint } = await looking();
    views.subscribe(nothing);
    hint("viewing", "ava");
    hint("viewing", "ben", { recordId: "e2" });
    await world.time.advance(0);
    expect(views.snapshot().viewers).toEqual([]);
  });
});

describe("looking at a record", () => {
  test("is said at once and every eight seconds, and that it is over", async () => {
    const { world, office, views } = await looking();
    const leave = views.subscribe(nothing);
    await world.time.advance(25);
    expect(office.looks.length).toBe(4);
    expect(office.looks[0]).toMatchObject({ noun: "escrow", recordId: "e1" });
    leave();
    await world.time.advance(20);
    expect(office.looks.length).toBe(5);
    expect(office.looks[4]).toMatchObject({ noun: "escrow", recordId: "e1", leave: true });
  });

  test("is said seldom while nobody else looks, and at once to whoever comes", async () => {
    const { world, office, views, hint } = await looking();
    office.again = 50;
    views.subscribe(nothing);
    await world.time.advance(47);
    expect(office.looks.length).toBe(1);
    expect(office.looks[0]).not.toHaveProperty("silent");
    await world.time.advance(50);
    expect(office.looks.length).toBe(3); // each time before the server forgets it
    expect(office.looks[2]).toMatchObject({ quiet: true, silent: true }); // the reply would be the same
    await world.time.advance(10);
    office.again = 8;
    hint("viewing", "ben");
    await world.time.advance(0);
    expect(office.looks.length).toBe(4);
    expect(office.looks[3]).not.toHaveProperty("silent");
    hint("viewing", "ben");
    await world.time.advance(7);
    expect(office.looks.length).toBe(4);
    await world.time.advance(1);
    expect(office.looks.length).toBe(5);
    expect(office.looks[4]).toMatchObject({ silent: true });
  });

  test("is said twice before one is quiet where one has just left: what was said then may arrive later", async () => {
    const { world, office, views } = await looking();
    office.again = 50;
    const leave = views.subscribe(nothing);
    await world.time.advance(20);
    leave();
    await world.time.advance(1);
    views.subscribe(nothing);
    await world.time.advance(40);
    expect(office.looks.map(({ leave: left }) => left === true)).toEqual([false, true, false, false]);
    await world.time.advance(50);
    expect(office.looks.length).toBe(5);
  });

  test("is heard by a server that does not know what is silent, and said again aloud", async () => {
    const { world, office, views } = await looking();
    office.again = 50;
    office.isOld = true;
    views.subscribe(nothing);
    await world.time.advance(290);
    const taken = office.looks.filter(({ silent }) => silent !== true);
    expect(taken.length).toBe(7);
    expect(office.longestSilence()).toBeLessThan(40);
  });

  test("is a beat, too, when one is nearly due, and a beat when it is refused", async () => {
    const { world, office, views } = await looking();
    office.again = 50;
    views.subscribe(nothing);
    await world.time.advance(200);
    const beats = world.server.requests("presence").length;
    expect(office.looks.filter(({ active }) => active === true).length).toBe(4);
    expect(beats).toBeLessThan(office.beats.length);
    expect(office.longestSilence()).toBeLessThan(26);
    office.hides = true;
    await world.time.advance(200);
    expect(office.longestSilence()).toBeLessThan(26);
  });

  test("is all that is said while nobody else looks: what one types, whoever comes is told of", async () => {
    const { world, office, views, hint } = await looking();
    office.again = 50;
    views.subscribe(nothing);
    await world.time.advance(9);
    for (let second = 0; second < 10; second += 1) {
      views.types("notes");
      await world.time.advance(1);
    }
    expect(office.types).toEqual([]);
    office.again = 8;
    hint("viewing", "ben");
    for (let second = 0; second < 3; second += 1) {
      await world.time.advance(1);
      views.types("notes");
    }
    expect(office.types.length).toBe(1);
    expect(office.types[0]).toMatchObject({ field: "notes" });
  });

  test("is never said later than the server may forget it, whatever it says", async () => {
    const { world, office, views } = await looking();
    office.again = 3_600;
    views.subscribe(nothing);
    await world.time.advance(100);
    expect(office.looks.length).toBe(3);
  });

  test("goes on over a new connection however quiet it was", async () => {
    const { world, office, views } = await looking();
    office.again = 50;
    views.subscribe(nothing);
    await world.time.advance(10);
    world.client.changeOver();
    await world.time.advance(1);
    expect(office.looks.length).toBe(2);
  });

  test("ends when the tab is hidden or nobody sits at it, and goes on at the first touch", async () => {
    const { world, office, views } = await looking();
    views.subscribe(nothing);
    await world.hide();
    expect(office.looks.at(-1)).toMatchObject({ leave: true });
    await world.time.advance(30);
    expect(office.looks.length).toBe(2);
    await world.show();
    expect(office.looks.length).toBe(3);
    await world.time.advance(300);
    expect(office.looks.at(-1)).toMatchObject({ leave: true });
    const before = office.looks.length;
    await world.time.advance(60);
    expect(office.looks.length).toBe(before);
    await world.touch();
    expect(office.looks.length).toBe(before + 1);
  });

  test("is said again over each new connection", async () => {
    const { world, views } = await looking();
    views.subscribe(nothing);
    await world.time.advance(1);
    world.client.changeOver();
    await world.time.advance(1);
    expect(world.server.live.sent.filter(({ action }) => action === "view").length).toBe(1);
  });

  test("goes on when another tab at the same record is closed", async () => {
    const browser = new FakeBrowser();
    const office = new Office(browser.server);
    const [one, two] = await browser.open(2);
    if (!one || !two) throw new Error("no tabs");
    const leaves = [one, two].map(({ client }) => collaboration(client).views.of("escrow", "e1").subscribe(nothing));
    await browser.time.advance(5);
    leaves[0]?.();
    await browser.time.advance(1);
    expect(office.looks.filter(({ leave }) => leave)).toEqual([]);
    await browser.time.advance(20);
    leaves[1]?.();
    await browser.time.advance(1);
    expect(office.looks.filter(({ leave }) => leave).length).toBe(1);
  });
});

describe("typing", () => {
  test("is said at once, and again every three seconds at most", async () => {
    const { world, office, views } = await looking();
    views.subscribe(nothing);
    for (let key = 0; key < 100; key++) {
      views.types("notes");
      await world.time.advance(0.1);
    }
    expect(office.types.map(({ field }) => field)).toEqual(["notes", "notes", "notes", "notes"]);
  });

  test("that changes its field or ends within three seconds is said when they are over, once, as it is then", async () => {
    const { world, office, views } = await looking();
    views.subscribe(nothing);
    views.types("notes");
    views.types("city");
    views.types("notes", false); // it was left for another
    await world.time.advance(1);
    views.types("state");
    await world.time.advance(3);
    views.types("state", false);
    await world.time.advance(3);
    expect(office.types.map(({ field }) => field)).toEqual(["notes", "state", null]);
  });

  test("is no beat, whenever it is said", async () => {
    const { world, office, views } = await looking();
    views.subscribe(nothing);
    await world.time.advance(0);
    for (let second = 0; second < 50; second += 1) {
      views.types(`field${second}`);
      await world.time.advance(1);
    }
    expect(office.types.length).toBeGreaterThan(15);
    expect(world.server.requests("typing").length).toBe(office.types.length);
  });

  test("is not said of a record that nobody here looks at any more", async () => {
    const { world, office, views } = await looking();
    const leave = views.subscribe(nothing);
    views.types("notes");
    views.types("city");
    leave();
    views.types("city");
    await world.time.advance(10);
    expect(office.types.map(({ field }) => field)).toEqual(["notes"]);
  });
});
