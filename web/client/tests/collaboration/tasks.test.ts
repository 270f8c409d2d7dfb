/** What somebody has begun: listed, followed on every device, and told what to do. */

import { describe, expect, test } from "vitest";
import { collaboration } from "../../src/collaboration/index.js";
import type { Tasks } from "../../src/collaboration/index.js";
import type { Document } from "../../src/merge-patch.js";
import { MINE, Model, NORTH } from "../support/model.js";
import { Office } from "../support/office.js";
import { World } from "../support/world.js";
import type { WorldOptions } from "../support/world.js";

class Desk {
  readonly world: World;
  readonly office: Office;
  readonly tasks = (): Tasks => collaboration(this.world.client).tasks.snapshot();

  constructor(options: WorldOptions = {}) {
    this.world = new World({ model: new Model(NORTH, MINE), ...options });
    this.office = new Office(this.world.server);
    this.lists();
  }

  lists(...items: Document[]): void {
    this.world.server.others.set("/tasks", () => ({ items, positions: { [MINE]: this.world.model.head(MINE) } }));
  }

  async open(): Promise<this> {
    await this.world.connected();
    collaboration(this.world.client).tasks.subscribe(() => undefined);
    await this.world.time.advance(0);
    return this;
  }

  task(id: string, version: number, fields: Document = {}): Document {
    const at = this.office.at(0);
    const begun = { kind: "find_duplicates", status: "running", percent: 0, message: "", done: 0, counts: {}, startedAt: at, can: ["cancel"] };
    return { id, version, room: MINE, updatedAt: at, updatedBy: "ava", ...begun, ...fields };
  }

  async tell(verb: string, task: Document): Promise<void> {
    this.office.tell(`ai:task:${verb}`, { taskId: task["id"], version: task["version"], updatedBy: "ava", task }, MINE);
    await this.world.time.advance(0);
  }

  shown(): string[] {
    return this.tasks().items.map(({ id, status, percent }) => `${id} ${status} ${percent}`);
  }
}

describe("tasks", () => {
  test("that ran before a reload are listed, the newest first, and followed to their end", async () => {
    const desk = new Desk();
    desk.lists(desk.task("t1", 3, { percent: 40 }), desk.task("t0", 9, { startedAt: desk.office.at(60), status: "proposed", percent: 30 }));
    await desk.open();
    expect(desk.shown()).toEqual(["t0 proposed 30", "t1 running 40"]);
    await desk.tell("progress", desk.task("t1", 4, { percent: 70 }));
    await desk.tell("completed", desk.task("t1", 5, { status: "completed", percent: 100, can: ["undo"] }));
    expect(desk.shown()).toEqual(["t0 proposed 30", "t1 completed 100"]);
    expect(desk.tasks().items[1]?.can).toEqual(["undo"]);
  });

  test("that another device begins are there as soon as it is told", async () => {
    const desk = await new Desk().open();
    expect(desk.tasks()).toMatchObject({ items: [], isPending: false });
    await desk.tell("started", desk.task("t1", 1));
    expect(desk.shown()).toEqual(["t1 running 0"]);
  });

  test("of which something was told twice, or late, are as they last were", async () => {
    const desk = await new Desk().open();
    await desk.tell("started", desk.task("t1", 1));
    await desk.tell("failed", desk.task("t1", 3, { status: "failed", percent: 50 }));
    await desk.tell("progress", desk.task("t1", 2, { percent: 40 }));
    expect(desk.shown()).toEqual(["t1 failed 50"]);
  });

  test("are told what to do, and beginning one says a key of its own", async () => {
    const desk = await new Desk().open();
    const { server } = desk.world;
    for (const path of ["", "/t1/confirm", "/t1/cancel", "/t1/undo"]) server.writes.set(`POST /tasks${path}`, () => desk.task("t1", 1));
    const { begin, confirm, cancel, undo } = desk.tasks();
    const calls = Promise.all([
      begin({ kind: "find_duplicates", input: {} }),
      begin({ kind: "find_duplicates", input: {} }, "mine"),
      confirm("t1"),
      confirm("t1", { pairs: [] }),
      cancel("t1"),
      undo("t1"),
    ]);
    await desk.world.time.advance(1);
    expect((await calls)[0]).toMatchObject({ id: "t1" });
    expect(server.written.map(({ path, body }) => [path, body])).toEqual([
      ["/tasks", { kind: "find_duplicates", input: {} }],
      ["/tasks", { kind: "find_duplicates", input: {} }],
      ["/tasks/t1/confirm", {}],
      ["/tasks/t1/confirm", { answer: { pairs: [] } }],
      ["/tasks/t1/cancel", {}],
      ["/tasks/t1/undo", {}],
    ]);
    const [first, second] = server.written.map(({ key }) => key);
    expect(first).toBeTruthy();
    expect(second).toBe("mine");
  });

  test("that ended a week ago are not shown any more", async () => {
    const desk = new Desk();
    desk.lists(desk.task("t1", 2, { status: "cancelled", endedAt: desk.office.at(0) }), desk.task("t2", 1, { status: "proposed" }));
    await desk.open();
    expect(desk.shown()).toHaveLength(2);
    desk.world.time.sleep(7 * 86_400);
    await desk.world.time.advance(10);
    expect(desk.shown()).toEqual(["t2 proposed 0"]);
  });

  test("begun by the same person in another tab are the same", async () => {
    const desk = await new Desk().open();
    const other = new Desk({ server: desk.world.server, time: desk.world.time });
    await other.open();
    await desk.tell("started", desk.task("t1", 1));
    expect(other.shown()).toEqual(["t1 running 0"]);
  });
});
