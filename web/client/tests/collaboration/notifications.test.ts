/** Notifications: listed page by page, told live, read on any device, wanted or not. */

import { describe, expect, test } from "vitest";
import { collaboration } from "../../src/collaboration/index.js";
import type { NotificationList } from "../../src/collaboration/notifications.js";
import type { Document } from "../../src/merge-patch.js";
import { MINE, Model, NORTH } from "../support/model.js";
import { Office } from "../support/office.js";
import { World } from "../support/world.js";

const nothing = (): void => undefined;

class Desk {
  readonly world = new World({ model: new Model(NORTH, MINE) });
  readonly office = new Office(this.world.server);
  readonly list: NotificationList = collaboration(this.world.client).notifications;
  /** Newest first. */
  stored: Document[] = [];
  read = new Set<string>();
  kinds: Document = {};
  #readings = 0;

  constructor() {
    const { server } = this.world;
    server.others.set("/notifications", (query) => {
      const after = query.get("cursor");
      const left = this.stored.filter(({ id }) => after === null || String(id) < after);
      const items: Document[] = [];
      for (const one of left.slice(0, Number(query.get("limit")))) items.push({ ...one, read: this.read.has(String(one.id)) });
      const unread = this.stored.filter(({ id }) => !this.read.has(String(id))).length;
      const more = left.length > items.length ? { cursor: items.at(-1)?.id } : {};
      return { items, unread, positions: server.model.heads(), ...more };
    });
    server.others.set("/preferences", () => ({ kinds: this.kinds, positions: {} }));
  }

  /** `number`: its place in time. */
  notify(number: number, more: Document = {}, told = true): string {
    const id = `n${String(number).padStart(4, "0")}`;
    const state = { id, version: 1, room: MINE, updatedAt: this.office.at(0), updatedBy: "ben" };
    const one = { ...state, level: "info", kind: "assigned", title: "T", text: id, ...more };
    this.stored.unshift(one);
    const data = { notificationId: id, version: 1, updatedBy: "ben", notification: one };
    if (told) this.office.tell("notification:info", data, one.room);
    return id;
  }

  /** As it is told to all devices of its reader. */
  tellRead(reading: Document): void {
    const version = ++this.#readings;
    const state = { id: "ava", version, room: MINE, updatedAt: this.office.at(0), updatedBy: "ava", ids: [], ...reading };
    this.office.tell("notification:read", { readingId: "ava", version, updatedBy: "ava", reading: state }, MINE);
  }

  get shown(): string[] {
    return this.list.snapshot().items.map(({ id, read }) => `${id}${read ? " read" : ""}`);
  }

  get unread(): number {
    return this.list.snapshot().unread;
  }

  async open(): Promise<this> {
    await this.world.connected();
    this.list.subscribe(nothing);
    await this.world.time.advance(0);
    return this;
  }

  async later(seconds = 0): Promise<void> {
    await this.world.time.advance(seconds);
  }
}

describe("notifications", () => {
  test("are listed newest first, come live, and are asked for once", async () => {
    const desk = new Desk();
    desk.notify(1, {}, false);
    desk.read.add("n0001");
    desk.notify(2, {}, false);
    await desk.open();
    desk.notify(3, { room: NORTH, kind: "message" });
    await desk.later();
    expect(desk.shown).toEqual(["n0003", "n0002", "n0001 read"]);
    expect(desk.unread).toBe(2);
    expect(desk.world.server.asked.filter((one) => one.startsWith("GET /notifications")).length).toBe(1);
  });

  test("are read elsewhere, one or all, and stay the same objects where nothing is different", async () => {
    const desk = await new Desk().open();
    for (const number of [1, 2, 3]) desk.notify(number);
    await desk.later();
    const before = desk.list.snapshot().items;
    desk.tellRead({ ids: ["n0002"] });
    await desk.later();
    expect(desk.shown).toEqual(["n0003", "n0002 read", "n0001"]);
    expect(desk.list.snapshot().items[0]).toBe(before[0]);
    desk.tellRead({ allUntil: "n0003" });
    await desk.later();
    expect(desk.unread).toBe(0);
    desk.notify(4);
    await desk.later();
    expect(desk.shown).toEqual(["n0004", "n0003 read", "n0002 read", "n0001 read"]);
  });

  test("are marked as read at once, and are as before if the server does not do it", async () => {
    const desk = await new Desk().open();
    const { server } = desk.world;
    for (const number of [1, 2]) desk.notify(number);
    await desk.later();
    server.writes.set("POST /notifications/n0001/read", () => ({}));
    server.writes.set("POST /notifications/read", () => ({ status: 503, code: "busy", detail: "later", retryable: true }));
    const one = desk.list.markRead("n0001");
    expect(desk.shown).toEqual(["n0002", "n0001 read"]);
    await one;
    const all = expect(desk.list.markAllRead()).rejects.toMatchObject({ code: "busy" });
    expect(desk.unread).toBe(0);
    await all;
    expect(desk.shown).toEqual(["n0002", "n0001 read"]);
    expect(server.written.map(({ path, body }) => [path, body])).toEqual([
      ["/notifications/n0001/read", {}],
      ["/notifications/read", { until: "n0002" }],
    ]);
  });

  test("come page by page; what was kept of before does not stand behind a gap; the unread ones are all counted", async () => {
    const desk = new Desk();
    for (let number = 1; number <= 120; number++) desk.notify(number, {}, false);
    await desk.open();
    expect(desk.list.snapshot()).toMatchObject({ unread: 120, hasMore: true });
    expect(desk.shown.length).toBe(50);
    await desk.list.fetchMore();
    expect(desk.shown.length).toBe(100);
    expect(desk.unread).toBe(120);
    await desk.list.fetchMore();
    expect(desk.list.snapshot()).toMatchObject({ unread: 120, hasMore: false });
    expect(desk.shown.length).toBe(120);
  });

  test("of before are not shown beyond a gap", async () => {
    const desk = new Desk();
    await desk.world.connected();
    desk.notify(1);
    for (let number = 2; number <= 60; number++) desk.notify(number, {}, false);
    await desk.open();
    expect(desk.shown.length).toBe(50);
    expect(desk.unread).toBe(60);
    await desk.list.fetchMore();
    expect(desk.shown.length).toBe(60);
  });

  test("that are read elsewhere before they are loaded here are counted again", async () => {
    const desk = new Desk();
    for (let number = 1; number <= 60; number++) desk.notify(number, {}, false);
    await desk.open();
    expect(desk.unread).toBe(60);
    desk.read.add("n0004");
    desk.tellRead({ ids: ["n0004"] });
    await desk.later();
    expect(desk.unread).toBe(59);
    desk.tellRead({ allUntil: "n0060" });
    await desk.later();
    expect(desk.unread).toBe(0);
  });

  test("of a kind that is switched off are not shown, nor those of a month ago", async () => {
    const desk = new Desk();
    desk.kinds = { message: { inApp: false, browser: false }, assigned: { inApp: true, browser: true } };
    await desk.open();
    desk.notify(1, { kind: "message", room: NORTH });
    desk.notify(2);
    await desk.later();
    expect(desk.shown).toEqual(["n0002"]);
    const { preferences } = collaboration(desk.world.client);
    const told = { id: "ava", version: 1, room: MINE, updatedAt: desk.office.at(0), updatedBy: "ava", kinds: {} };
    desk.office.tell("preferences:updated", { preferencesId: "ava", version: 1, updatedBy: "ava", preferences: told }, MINE);
    await desk.later();
    expect(preferences.of("message").inApp).toBe(true); // on another device it was switched on again
    expect(desk.shown).toEqual(["n0002", "n0001"]);
    desk.world.time.sleep(31 * 86_400);
    desk.notify(3);
    await desk.later();
    expect(desk.shown).toEqual(["n0003"]);
  });

  test("are news once, as they come; what was missed for long, or has been said by oneself, is none", async () => {
    const desk = await new Desk().open();
    const news: string[] = [];
    desk.list.onNews(({ notification, channels }) => news.push(`${notification.id} ${String(channels.browser)}`));
    desk.kinds = { assigned: { inApp: true, browser: true } };
    await collaboration(desk.world.client).preferences.refresh();
    desk.world.time.sleep(3_600);
    desk.notify(1); // its commit is of nine o'clock
    await desk.later();
    expect(news).toEqual([]);
    expect(desk.shown).toEqual(["n0001"]);
    const recent = await new Desk().open();
    recent.kinds = { assigned: { inApp: true, browser: true } };
    await collaboration(recent.world.client).preferences.refresh();
    recent.list.onNews(({ notification, channels }) => news.push(`${notification.id} ${String(channels.browser)}`));
    recent.notify(2);
    recent.notify(3, { from: "ava", room: NORTH });
    await recent.later();
    expect(news).toEqual(["n0002 true"]);
  });

  test("can be sent, again if there was no answer, and are sent once all the same", async () => {
    const desk = await new Desk().open();
    const { server } = desk.world;
    server.writes.set("POST /notifications", () => ({ id: "n1" }));
    const body = { to: { brokerage: true }, level: "warning", title: "Fire drill", text: "at noon" } as const;
    server.losesAnswers = true;
    await expect(Promise.all([desk.list.send(body), desk.later(60)])).rejects.toThrow();
    server.losesAnswers = false;
    await desk.list.send(body);
    const [first] = server.written;
    expect(first).toMatchObject({ body, key: expect.any(String) as unknown });
    expect(server.written.every(({ key }) => key === first?.key)).toBe(true);
    await desk.list.send(body); // a second drill
    expect(server.written.at(-1)?.key).not.toBe(first?.key);
  });
});

describe("preferences", () => {
  test("are changed at once, and are as before if the server does not take it", async () => {
    const desk = await new Desk().open();
    const { preferences } = collaboration(desk.world.client);
    preferences.subscribe(nothing);
    await desk.later();
    desk.world.server.writes.set("PATCH /preferences", ({ body }) => {
      desk.kinds = { ...desk.kinds, reminder: { inApp: true, ...(body.kinds as { reminder: Document }).reminder } };
      return { kinds: desk.kinds };
    });
    const changing = preferences.change({ reminder: { browser: true } });
    expect(preferences.of("reminder")).toEqual({ inApp: true, browser: true });
    await changing;
    expect(preferences.snapshot().kinds).toEqual({ reminder: { inApp: true, browser: true } });
    desk.world.server.unreachable = true;
    const failing = expect(preferences.change({ reminder: { inApp: false } })).rejects.toMatchObject({ code: "unreachable" });
    expect(preferences.of("reminder").inApp).toBe(false);
    await failing;
    expect(preferences.of("reminder").inApp).toBe(true);
  });

  test("say where somebody is, as told on any device", async () => {
    const desk = await new Desk().open();
    const { preferences } = collaboration(desk.world.client);
    preferences.subscribe(nothing);
    await desk.later();
    expect(preferences.snapshot().timeZone).toBeUndefined();
    desk.world.server.writes.set("PATCH /preferences", ({ body }) => ({ kinds: desk.kinds, ...body }));
    await preferences.liveIn("America/New_York");
    expect(preferences.snapshot().timeZone).toBe("America/New_York");
    const state = { id: "ava", version: 2, room: MINE, updatedAt: desk.office.at(0), updatedBy: "ava", kinds: {} };
    const told = { ...state, timeZone: "Asia/Kolkata" };
    desk.office.tell("preferences:updated", { preferencesId: "ava", version: 2, updatedBy: "ava", preferences: told }, MINE);
    await desk.later();
    expect(preferences.snapshot().timeZone).toBe("Asia/Kolkata");
  });
});
