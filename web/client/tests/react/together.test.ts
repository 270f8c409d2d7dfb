// @vitest-environment happy-dom
/** The hooks about working together. */

import { act } from "@testing-library/react";
import { createElement } from "react";
import type { ReactNode } from "react";
import { beforeAll, describe, expect, test } from "vitest";
import {
  useEditLock,
  useLocks,
  useNotifications,
  usePreferences,
  usePresence,
  useSystem,
  useTyping,
  useViewers,
} from "../../src/react/index.js";
import { Model, NORTH } from "../support/model.js";
import { BROKER, Office, person, personTold } from "../support/office.js";
import { Page, usePage } from "./support.js";

usePage();
beforeAll(() => import("../../src/collaboration/collaboration.js")); // what is loaded with the first of them

/** What a hook finds, whenever it is asked. */
async function using<Found>(page: Page, hook: () => Found): Promise<() => Found> {
  let last: Found[] = [];
  const Probe = (): ReactNode => {
    last = [hook()];
    return null;
  };
  await page.show(createElement(Probe));
  return () => {
    const [found] = last;
    if (found === undefined) throw new Error("nothing was rendered");
    return found;
  };
}

function brokerage(): [Page, Office] {
  const page = new Page({ model: new Model(NORTH, BROKER) });
  const office = new Office(page.world.server);
  page.world.server.others.set("/presence", { items: [person("ben", "online")], positions: {} });
  page.world.server.others.set("/preferences", { kinds: { reminder: { inApp: true, browser: true } }, positions: {} });
  page.world.server.others.set("/system", { items: [], positions: {} });
  page.world.server.others.set("/notifications", { items: [], unread: 0, positions: {} });
  return [page, office];
}

describe("hooks", () => {
  test("say nothing before there is something to say, and then follow without asking again", async () => {
    const [page, office] = brokerage();
    const all = await using(page, () => ({
      presence: usePresence(),
      locks: useLocks(),
      notifications: useNotifications(),
      preferences: usePreferences(),
      system: useSystem(),
    }));
    expect(all()).toMatchObject({
      presence: { items: [], isPending: true, error: null },
      notifications: { items: [], unread: 0, hasMore: false },
      system: { broadcasts: [] },
    });
    await page.connected();
    expect(all().presence.items).toMatchObject([{ id: "ben", status: "online" }]);
    expect(all().preferences.kinds).toEqual({ reminder: { inApp: true, browser: true } });
    page.asked();
    await act(async () => {
      office.tell(...personTold("ben", "away", 2), BROKER);
      office.lock("e1", "ben");
      await page.world.time.advance(0);
    });
    expect(all().presence.items).toMatchObject([{ id: "ben", status: "away" }]);
    expect(all().locks.items).toMatchObject([{ recordId: "e1", holder: "ben" }]);
    expect(page.asked()).toEqual([]);
  });

  test("tell the server that somebody is there, without any of them on the screen", async () => {
    const [page, office] = brokerage();
    await page.show(createElement("p"));
    await page.connected();
    expect(office.beats.length).toBe(1);
  });

  test("take a lock while somebody edits, once under strict mode, and give it back", async () => {
    const [page, office] = brokerage();
    let wanted = true;
    const lock = await using(page, () => useEditLock("escrow", "e1", { wanted }));
    await page.connected();
    expect(lock()).toMatchObject({ status: "held", holder: "ava" });
    expect(page.world.server.requests("lock").length).toBe(1);
    wanted = false;
    await act(async () => {
      office.tell(...personTold("ben", "away", 2), BROKER);
      page.rerender();
      await page.world.time.advance(0);
    });
    await page.later();
    expect(lock()).toMatchObject({ status: "free" });
    expect(office.locks.size).toBe(0);
    await act(async () => {
      office.lock("e1", "dana");
      await page.world.time.advance(0);
    });
    expect(lock()).toMatchObject({ status: "locked", holder: "dana" });
    expect(page.world.server.requests("lock").length).toBe(1);
  });

  test("show who else looks and types, and tell of this person", async () => {
    const [page, office] = brokerage();
    const all = await using(page, () => ({ viewers: useViewers("escrow", "e1"), typing: useTyping("escrow", "e1", "notes") }));
    await page.connected();
    expect(office.looks).toMatchObject([{ noun: "escrow", recordId: "e1" }]);
    const { server } = page.world;
    await act(async () => {
      const data = { userId: "ben", noun: "escrow", recordId: "e1", until: office.at(10) };
      server.hint("user:viewing", data, server.live);
      server.hint("user:typing", { ...data, field: "notes" }, server.live);
      await page.world.time.advance(0);
    });
    expect(all().viewers.viewers).toEqual([{ userId: "ben", fields: ["notes"] }]);
    expect(all().typing.typists).toEqual(["ben"]);
    await act(async () => {
      all().typing.typing();
      await page.world.time.advance(4);
      all().typing.stopped();
      await page.world.time.advance(0);
    });
    expect(office.types.map(({ field }) => field)).toEqual(["notes", null]);
    await page.later(10);
    expect(all().viewers.viewers).toEqual([]);
    page.shown?.unmount();
    await page.later(1);
    expect(office.looks.at(-1)).toMatchObject({ leave: true });
  });

  test("go on when one screen of a record takes the place of another: nobody has left", async () => {
    const [page, office] = brokerage();
    const Looks = (): ReactNode => {
      const { viewers } = useViewers("escrow", "e1");
      useTyping("escrow", "e1", "notes");
      useEditLock("escrow", "e1", { wanted: false });
      return viewers.map(({ userId }) => userId).join();
    };
    let screen = "form";
    const Screens = (): ReactNode => createElement(Looks, { key: screen });
    await page.show(createElement(Screens));
    await page.connected();
    screen = "detail";
    await act(async () => {
      page.rerender();
      await page.world.time.advance(0);
    });
    await page.later();
    const data = { userId: "ben", noun: "escrow", recordId: "e1", until: office.at(10) };
    await act(async () => {
      page.world.server.hint("user:viewing", data, page.world.server.live);
      await page.world.time.advance(0);
    });
    expect(page.shown?.container.textContent).toBe("ben");
    expect(office.looks).toMatchObject([{ noun: "escrow", recordId: "e1" }]);
  });
});
