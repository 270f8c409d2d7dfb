/** Tasks: begun, followed, confirmed, cancelled and taken back, here and on other devices, over reloads and offline hours. */

import { describe, expect, test } from "vitest";
import type { TaskList } from "../../src/collaboration/tasks.js";
import { tasks } from "../../src/collaboration/index.js";
import type { Document } from "../../src/merge-patch.js";
import { FakeBrowser } from "../support/browser.js";
import { MINE, Model, NORTH } from "../support/model.js";
import type { FakeServer } from "../support/server.js";
import { World } from "../support/world.js";

const nothing = (): void => undefined;

function storageOf(kept: Map<string, string>): Pick<Storage, "getItem" | "setItem"> {
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => void kept.set(name, text) };
}

/** The server's side. */
class Works {
  readonly server: FakeServer;
  readonly tasks = new Map<string, Document>();

  constructor(server: FakeServer) {
    this.server = server;
    server.others.set("/tasks", () => ({ items: [...this.tasks.values()], positions: server.model.heads() }));
    server.writes.set("POST /tasks", ({ key }) => this.tasks.get(`task-${key}`) ?? this.change(`task-${key}`, {}));
  }

  at(seconds: number): string {
    return new Date(this.server.time.truth() + seconds * 1_000).toISOString();
  }

  /** What it is from now on. Told, unless that is held back; too large for that, if `ref`. */
  change(id: string, fields: Document, { told = true, ref = false } = {}): Document {
    const known = this.tasks.get(id);
    const fresh = { kind: "find_duplicates", status: "running", percent: 0, done: 0, counts: {}, can: ["cancel"], startedAt: this.at(0) };
    const version = Number(known?.version ?? 0) + 1;
    const task = { ...fresh, message: "", ...known, ...fields, id, version, room: MINE, updatedAt: this.at(0), updatedBy: "ava" };
    this.tasks.set(id, task);
    this.server.others.set(`/tasks/${id}`, () => this.tasks.get(id) ?? {});
    const type = known ? (task.status === "running" ? "progress" : task.status) : "started";
    const data = { taskId: id, version, updatedBy: "ava", ...(ref ? { ref: true } : { task }) };
    this.server.model.tell([{ type: `ai:task:${type}`, data }], MINE);
    if (told) this.server.publish();
    return task;
  }

  end(id: string, status = "completed"): void {
    this.change(id, { status, percent: 100, endedAt: this.at(0), can: [] });
  }
}

class Desk {
  readonly world: World;
  readonly works: Works;
  readonly list: TaskList;

  /** `other`: of whom this is another device, or the same one after a reload. */
  constructor({ other, kept }: { other?: Desk; kept?: Map<string, string> } = {}) {
    const server = other?.world.server;
    const storage = kept && storageOf(kept);
    this.world = new World({
      model: new Model(NORTH, MINE),
      ...(server && { server, time: server.time }),
      adapt: (environment) => ({ ...environment, kept: storage }),
    });
    this.works = other?.works ?? new Works(this.world.server);
    this.list = tasks(this.world.client);
  }

  async open(): Promise<this> {
    await this.world.connected();
    this.list.subscribe(nothing);
    await this.later();
    return this;
  }

  async later(seconds = 0): Promise<void> {
    await this.world.time.advance(seconds);
  }

  get shown(): string[] {
    return this.list.snapshot().items.map(({ id, status, percent, isNew }) => `${id} ${status} ${percent}${isNew ? " new" : ""}`);
  }

  /** The keys of what was written. */
  get keys(): (string | null)[] {
    return this.world.server.written.map(({ key }) => key);
  }

  asked(path: string): number {
    return this.world.server.asked.filter((one) => one === `GET ${path}`).length;
  }
}

describe("tasks", () => {
  test("are listed newest first, followed as they go on and end, and asked for once", async () => {
    const desk = new Desk();
    desk.works.change("t1", {}, { told: false });
    await desk.later(1);
    desk.works.change("t0", {}, { told: false });
    await desk.open();
    expect(desk.shown).toEqual(["t0 running 0", "t1 running 0"]);
    const before = desk.list.snapshot().items[0];
    desk.works.change("t1", { percent: 40, message: "Comparing" });
    await desk.later();
    expect(desk.shown).toEqual(["t0 running 0", "t1 running 40"]);
    expect(desk.list.snapshot().items[0]).toBe(before);
    desk.works.end("t1");
    await desk.later();
    expect(desk.shown).toEqual(["t0 running 0", "t1 completed 100 new"]);
    expect(desk.asked("/tasks")).toBe(1);
  });

  test("are there as soon as they are begun, and begun once however often that is tried", async () => {
    const desk = await new Desk().open();
    const { server } = desk.world;
    const { begin } = desk.list.snapshot();
    server.loses = () => true;
    const { id } = await begin("find_duplicates", { among: ["client"] });
    expect(desk.shown).toEqual([`${id} running 0`]);
    expect(server.written[0]).toMatchObject({ body: { kind: "find_duplicates", input: { among: ["client"] } } });
    server.losesAnswers = true;
    await expect(begin("find_duplicates", { among: ["lead"] })).rejects.toMatchObject({ code: "unreachable" });
    server.losesAnswers = false;
    const again = await begin("find_duplicates", { among: ["lead"] });
    const another = await begin("find_duplicates", { among: ["lead"] });
    expect(again.id).not.toBe(another.id);
    expect(desk.shown.length).toBe(3);
    const [first, lost, repeated, last] = desk.keys;
    expect(repeated).toBe(lost);
    expect(new Set([first, lost, last]).size).toBe(3);
  });

  test("that are refused for good are something new when they are asked for again", async () => {
    const desk = await new Desk().open();
    const { server } = desk.world;
    const refusal = { status: 422, code: "invalid", detail: "no", retryable: false };
    server.writes.set("POST /tasks", () => refusal);
    const { begin } = desk.list.snapshot();
    await expect(begin("find_duplicates", {})).rejects.toMatchObject({ code: "invalid" });
    await expect(begin("find_duplicates", {})).rejects.toMatchObject({ code: "invalid" });
    expect(new Set(desk.keys).size).toBe(2);
    server.writes.set("POST /tasks", () => ({ ...refusal, status: 429, retryable: true }));
    await expect(begin("find_duplicates", { among: ["lead"] })).rejects.toThrow("no");
    await expect(begin("find_duplicates", { among: ["lead"] })).rejects.toThrow("no");
    expect(desk.keys[3]).toBe(desk.keys[2]);
  });

  test("are confirmed, cancelled and taken back, and an answer that is late does not undo what was told", async () => {
    const desk = new Desk();
    const { server } = desk.world;
    desk.works.change("t1", { status: "proposed", proposal: { pairs: [] }, can: ["confirm", "cancel"] });
    await desk.open();
    const { confirm, cancel, undo } = desk.list.snapshot();
    server.writes.set("POST /tasks/t1/confirm", () => {
      const answer = desk.works.change("t1", { status: "running" });
      desk.works.end("t1");
      return answer;
    });
    await confirm("t1", { pairs: [{ keep: "a", drop: "b" }] });
    await desk.later();
    expect(desk.shown).toEqual(["t1 completed 100 new"]);
    server.writes.set("POST /tasks/t1/undo", () => desk.works.change("t1-undo-1", { undoes: "t1" }, { told: false }));
    expect(await undo("t1")).toMatchObject({ id: "t1-undo-1", undoes: "t1" });
    expect(desk.shown).toContain("t1-undo-1 running 0");
    server.writes.set("POST /tasks/t1-undo-1/cancel", () => desk.works.change("t1-undo-1", { status: "cancelled", endedAt: desk.works.at(0) }, { told: false }));
    await cancel("t1-undo-1");
    expect(desk.shown).toContain("t1-undo-1 cancelled 0 new");
    expect(server.written.map(({ path, body }) => [path, body])).toEqual([
      ["/tasks/t1/confirm", { answer: { pairs: [{ keep: "a", drop: "b" }] } }],
      ["/tasks/t1/undo", {}],
      ["/tasks/t1-undo-1/cancel", {}],
    ]);
  });

  test("are confirmed once under one key, and again under it if there was no answer", async () => {
    const desk = new Desk();
    const { server } = desk.world;
    desk.works.change("t1", { status: "proposed" });
    await desk.open();
    server.writes.set("POST /tasks/t1/confirm", () => desk.works.change("t1", { status: "running" }));
    server.losesAnswers = true;
    await expect(desk.list.confirm("t1")).rejects.toMatchObject({ code: "unreachable" });
    server.losesAnswers = false;
    await desk.list.confirm("t1");
    const [first, second] = desk.keys;
    expect(first).toEqual(expect.any(String));
    expect(second).toBe(first);
  });

  test("of which too much is to be said are asked for by themselves", async () => {
    const desk = await new Desk().open();
    desk.works.change("t1", {});
    desk.works.change("t1", { status: "proposed", proposal: { pairs: ["many"] } }, { ref: true });
    await desk.later();
    expect(desk.list.snapshot().items).toMatchObject([{ status: "proposed", proposal: { pairs: ["many"] } }]);
    expect(desk.asked("/tasks/t1")).toBe(1);
    expect(desk.asked("/tasks")).toBe(1);
  });

  test("go on over a reload, and what has ended is news until somebody has looked at it", async () => {
    const kept = new Map<string, string>();
    const desk = new Desk({ kept });
    desk.works.change("old", {});
    desk.works.end("old");
    desk.works.change("t1", {});
    await desk.open();
    expect(desk.shown).toEqual(["t1 running 0", "old completed 100"]); // it had ended before this browser was first used
    await desk.later(1);
    desk.works.change("t1", { percent: 30 });
    const reloaded = new Desk({ kept, other: desk });
    await reloaded.open();
    expect(reloaded.shown[0]).toBe("t1 running 30");
    reloaded.works.end("t1");
    await reloaded.later();
    expect(reloaded.shown[0]).toBe("t1 completed 100 new");
    const once = new Desk({ kept, other: desk });
    await once.open();
    expect(once.shown[0]).toBe("t1 completed 100 new");
    once.list.look(["t1"]);
    expect(once.shown[0]).toBe("t1 completed 100");
    const last = new Desk({ kept, other: desk });
    await last.open();
    expect(last.shown[0]).toBe("t1 completed 100");
  });

  test("are the same on a second device", async () => {
    const desk = await new Desk().open();
    const phone = await new Desk({ other: desk }).open();
    const { id } = await desk.list.start("find_duplicates", {});
    await desk.later();
    expect(phone.shown).toEqual([`${id} running 0`]);
    desk.world.server.writes.set(`POST /tasks/${id}/cancel`, () => phone.works.change(id, { status: "cancelled", endedAt: phone.works.at(0), can: [] }));
    await phone.list.cancel(id);
    await desk.later();
    expect(desk.shown).toEqual([`${id} cancelled 0 new`]);
  });

  test("are as they are after an hour offline, whether or not the log reaches back so far", async () => {
    for (const reachesBack of [true, false]) {
      const desk = await new Desk().open();
      desk.works.change("t1", { percent: 10 });
      await desk.later();
      desk.world.server.unreachable = true;
      for (const socket of desk.world.server.sockets) socket.end();
      await desk.later(1_800);
      for (let percent = 11; percent < 60; percent++) desk.works.change("t1", { percent }, { told: false });
      desk.works.change("t2", {}, { told: false });
      desk.works.change("t1", { status: "completed", percent: 100, endedAt: desk.works.at(0) }, { told: false });
      await desk.later(1_800);
      if (!reachesBack) desk.world.model.expire(MINE, 40);
      desk.world.server.unreachable = false;
      await desk.world.wake();
      await desk.later(60);
      expect(desk.shown).toEqual(["t2 running 0", "t1 completed 100 new"]);
      expect(desk.asked("/tasks")).toBe(reachesBack ? 1 : 2);
    }
  });

  test("are not said to be known before they are, when there is no log to go on from", async () => {
    const desk = new Desk();
    desk.works.change("t1", {});
    desk.works.end("t1");
    const seen: string[] = [];
    desk.list.subscribe(() => seen.push(desk.list.snapshot().isPending ? "pending" : desk.shown.join()));
    await desk.world.connected();
    expect(new Set(seen)).toEqual(new Set(["pending", "t1 completed 100"]));
    expect(desk.asked("/tasks")).toBe(1);
  });

  test("are forgotten a week after their end", async () => {
    const desk = await new Desk().open();
    desk.works.change("t1", {});
    desk.works.end("t1");
    desk.works.change("t2", { status: "proposed" });
    await desk.later();
    expect(desk.shown.length).toBe(2);
    desk.world.time.sleep(7 * 86_400 + 10);
    await desk.later(10);
    expect(desk.shown).toEqual(["t2 proposed 0"]);
  });

  test.for([true, false])("that somebody has looked at in one tab are no news in the others, if the browser keeps that: %s", async (keeps) => {
    const browser = new FakeBrowser();
    if (keeps) browser.storage = storageOf(new Map());
    const works = new Works(browser.server);
    browser.server.model.join(MINE);
    const tabs = await browser.open(2);
    const lists = tabs.map(({ client }) => tasks(client));
    for (const list of lists) list.subscribe(nothing);
    await browser.time.advance(1);
    works.change("t1", {});
    works.end("t1");
    await browser.time.advance(1);
    const news = (): boolean[] => lists.map((list) => list.snapshot().items.some(({ isNew }) => isNew));
    expect(news()).toEqual([true, true]);
    lists[0]?.look(["t1"]);
    await browser.time.advance(0);
    expect(news()).toEqual([false, false]);
  });
});
