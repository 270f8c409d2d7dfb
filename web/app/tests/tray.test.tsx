// @vitest-environment happy-dom
/** The tray on a page: what goes by itself and what stays, what is heard of it, and that what tasks say is text. */

import { act, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { usePage as begin } from "../../client/tests/react/support";
import { MINE } from "../../client/tests/support/model";
import RecentTasks from "../src/tasks/RecentTasks";
import { TaskTray } from "../src/tasks/TaskTray";
import { Around, heard } from "./around";
import { Desk } from "./desk";

const tray = (): HTMLElement | null => screen.queryByRole("region", { name: "Tasks" });
const line = (status: string): HTMLElement | null => document.querySelector(`[data-task=${status}]`);

/** On this page's own clock. */
const pass = (seconds: number): void => act(() => void vi.advanceTimersByTime(seconds * 1_000));

begin();
beforeEach(() => {
  vi.stubGlobal("fetch", async (): Promise<Response> => Response.json({ users: [], teams: [] }));
  vi.stubGlobal("localStorage", undefined);
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
});
afterEach(() => void vi.useRealTimers());

describe("the tray", () => {
  it("is there for as long as there is something to tell, with a bar, a message, a percentage and a way to cancel", async () => {
    const desk = await new Desk().open(<TaskTray />);
    expect(tray()).toBeNull();
    await desk.tell("t1", "running", { percent: 40, message: "Comparing records, 40 so far", can: ["cancel"] });
    expect(screen.getByRole("progressbar", { name: "Finding duplicates" }).getAttribute("aria-valuenow")).toBe("40");
    expect(line("running")?.textContent).toContain("40%Comparing records, 40 so far");
    const ended = { status: 200, ...desk.tasks.get("t1"), version: 2, endedAt: "2026-03-01T09:00:00.000Z" };
    desk.page.world.server.writes.set("POST /tasks/t1/cancel", () => ({ ...ended, status: "cancelled", message: "Cancelled", can: [] }));
    await act(async () => {
      fireEvent.click(screen.getByRole("button", { name: "Cancel: Finding duplicates" }));
      await desk.page.world.time.advance(0);
    });
    expect(line("cancelled")?.textContent).toContain("Cancelled");
    pass(8);
    expect(tray()).toBeNull();
  });

  it("lets what has gone well go after three seconds, but for those who look elsewhere", async () => {
    const desk = await new Desk().open(<TaskTray />);
    await desk.tell("t1", "running");
    const hidden = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    await desk.tell("t1", "completed", { message: "Merged 3 pairs!", counts: { merged: 3, moved: 2 } });
    expect(line("completed")?.textContent).toContain("2 records now name the one that was kept");
    pass(60);
    expect(tray()).not.toBeNull();
    hidden.mockReturnValue("visible");
    pass(2.5);
    expect(tray()).not.toBeNull();
    pass(1);
    expect(tray()).toBeNull();
  });

  it("holds what has gone well while somebody points at it, or is in it", async () => {
    const desk = await new Desk().open(<TaskTray />);
    await desk.tell("t1", "completed", { message: "Done!", can: ["undo"] });
    const there = tray() ?? document.body;
    fireEvent.pointerEnter(there, { pointerType: "mouse" });
    pass(60);
    fireEvent.pointerLeave(there);
    act(() => screen.getByRole("button", { name: "Undo: Finding duplicates" }).focus());
    pass(60);
    expect(line("completed")).not.toBeNull();
    act(() => screen.getByRole("button", { name: "Undo: Finding duplicates" }).blur());
    pass(3.5);
    expect(tray()).toBeNull();
  });

  it("keeps what has failed until it is closed, with why, and never again", async () => {
    const desk = await new Desk().open(<TaskTray />);
    const problem = { reason: "too_long", detail: "it took longer than such a task may" };
    await desk.tell("t1", "failed", { message: "Finding duplicates failed", problem });
    pass(3_600);
    expect(line("failed")?.textContent).toContain("It took longer than such a task may");
    fireEvent.click(screen.getByRole("button", { name: "Close: Finding duplicates" }));
    expect(tray()).toBeNull();
    await desk.tell("t1", "failed");
    expect(tray()).toBeNull();
  });

  it("tells of beginnings and ends to who hears it, once, and not of each step", async () => {
    const desk = new Desk();
    desk.tasks.set("old", { id: "old", version: 1, room: MINE, kind: "find_duplicates", status: "proposed", percent: 0, message: "", counts: {}, can: [], startedAt: "2026-03-01T08:00:00.000Z" });
    await desk.open(<TaskTray />);
    expect(heard()).toEqual([]);
    await desk.tell("t1", "running");
    await desk.tell("t1", "running", { percent: 50 });
    await desk.tell("t1", "completed", { message: "Merged 3 pairs" });
    expect(heard()).toEqual(["Finding duplicates: begun.", "Finding duplicates is done: Merged 3 pairs."]);
  });

  it("shows what tasks say as the text that it is", async () => {
    const desk = await new Desk().open(<TaskTray />);
    const message = "<img src=x onerror=alert(1)> & <b>bold</b>";
    await desk.tell("t1", "proposed", { message, kind: "<i>brew</i>_tea", proposal: { "<u>cups</u>": "<s>4</s>" }, can: ["confirm", "cancel"] });
    expect(line("proposed")?.textContent).toContain(message);
    await act(async () => {
      fireEvent.click(screen.getByRole("button", { name: "Look at it" }));
      await import("../src/tasks/GenericProposal");
    });
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText(message)).toBeDefined();
    expect(dialog.getByText("<s>4</s>")).toBeDefined();
    expect(document.querySelectorAll("img, b, i, u, s")).toHaveLength(0);
  });

  it("lets a proposal of a kind that it does not know be confirmed as it is, and says why that was not done", async () => {
    const desk = await new Desk().open(<TaskTray />);
    const { server } = desk.page.world;
    await desk.tell("t1", "proposed", { kind: "brew_tea", message: "4 cups?", can: ["confirm", "cancel"] });
    await act(async () => void fireEvent.click(screen.getByRole("button", { name: "Look at it" })));
    server.writes.set("POST /tasks/t1/confirm", () => ({ status: 409, code: "conflict", detail: "there is no water", retryable: false }));
    const go = await screen.findByRole("button", { name: "Go on" });
    await act(async () => {
      fireEvent.click(go);
      await desk.page.world.time.advance(0);
    });
    expect(screen.getByRole("dialog").textContent).toContain("There is no water.");
    server.writes.set("POST /tasks/t1/confirm", () => ({ ...desk.tasks.get("t1"), status: "running", version: 2 }));
    await act(async () => {
      fireEvent.click(go);
      await desk.page.world.time.advance(0);
    });
    expect(server.written.at(-1)?.body).toEqual({});
    expect(line("running")).not.toBeNull();
    expect(screen.queryByRole("dialog", { hidden: false })).toBeNull();
  });

  it("leaves the list of recent tasks what has gone from it, to be taken back once", async () => {
    const desk = new Desk();
    await desk.open(<TaskTray />);
    await desk.tell("t1", "completed", { message: "Merged 3 pairs!", can: ["undo"] });
    pass(3.5);
    expect(tray()).toBeNull();
    const { server } = desk.page.world;
    const undoing = { ...desk.tasks.get("t1"), id: "t1-undo-1", version: 1, undoes: "t1", status: "running", can: ["cancel"], endedAt: undefined };
    server.writes.set("POST /tasks/t1/undo", () => undoing);
    await desk.page.show(
      <Around>
        <RecentTasks close={() => undefined} />
      </Around>,
    );
    const list = within(screen.getByRole("list", { name: "Recent tasks" }));
    expect(list.getByText("Merged 3 pairs!")).toBeDefined();
    await act(async () => {
      fireEvent.click(list.getByRole("button", { name: "Undo: Finding duplicates" }));
      await desk.page.world.time.advance(0);
    });
    expect(list.getByText("Undoing: finding duplicates")).toBeDefined();
    expect(list.queryByRole("button", { name: "Undo: Finding duplicates" })).toBeNull();
  });

  it("can be folded up, and says then how many there are of each", async () => {
    const desk = await new Desk().open(<TaskTray />);
    await desk.tell("t1", "running");
    await desk.tell("t2", "proposed", { can: ["confirm"] });
    fireEvent.click(screen.getByRole("button", { expanded: true }));
    expect(screen.queryByRole("list")).toBeNull();
    expect(screen.getByRole("button", { expanded: false }).textContent).toContain("1 at work, 1 waits for you");
  });
});
