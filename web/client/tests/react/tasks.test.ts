// @vitest-environment happy-dom
/** The hook about tasks. */

import { act } from "@testing-library/react";
import { createElement } from "react";
import type { ReactNode } from "react";
import { expect, test } from "vitest";
import { useTasks } from "../../src/react/tasks.js";
import { MINE, Model, NORTH } from "../support/model.js";
import { Page, usePage } from "./support.js";

usePage();

const AT = "2026-03-01T09:00:00.000Z";
const TASK = { id: "t1", room: MINE, updatedAt: AT, updatedBy: "ava", kind: "find_duplicates", done: 0, counts: {}, startedAt: AT, can: [] };

test("it shows what there is, what comes of it, and what is begun here, without asking again", async () => {
  const page = new Page({ model: new Model(NORTH, MINE) });
  const { server } = page.world;
  server.others.set("/tasks", { items: [{ ...TASK, version: 1, status: "running", percent: 0, message: "" }], positions: {} });
  const last: ReturnType<typeof useTasks>[] = [];
  const Probe = (): ReactNode => {
    last[0] = useTasks();
    return null;
  };
  await page.show(createElement(Probe));
  expect(last[0]).toMatchObject({ items: [], isPending: true });
  await page.connected();
  expect(last[0]).toMatchObject({ items: [{ id: "t1", percent: 0, isNew: false }], isPending: false, error: null });
  page.asked();
  await act(async () => {
    const task = { ...TASK, version: 2, status: "running", percent: 50, message: "" };
    server.model.tell([{ type: "ai:task:progress", data: { taskId: "t1", version: 2, updatedBy: "ava", task } }], MINE);
    server.publish();
    await page.world.time.advance(0);
  });
  expect(last[0]?.items).toMatchObject([{ id: "t1", percent: 50 }]);
  server.writes.set("POST /tasks", () => ({ ...TASK, id: "t2", version: 1, status: "running", percent: 0, message: "" }));
  await act(async () => void (await last[0]?.begin("find_duplicates", { among: ["lead"] })));
  expect(last[0]?.items.map(({ id }) => id)).toEqual(["t2", "t1"]);
  expect(page.asked()).toEqual(["POST /tasks"]);
});
