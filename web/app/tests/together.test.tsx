// @vitest-environment happy-dom
/** What screens say of locks: to who sees them, and to who hears them. */

import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Page, usePage as begin } from "../../client/tests/react/support";
import { Model, NORTH } from "../../client/tests/support/model";
import { BROKER, Office } from "../../client/tests/support/office";
import { LiveContext } from "../src/live/context";
import type { Live } from "../src/live/live";
import { type CrmRecord, moduleAt } from "../src/modules/modules";
import { ConnectionBadge } from "../src/shell/ConnectionBadge";
import { SystemBanner } from "../src/system/SystemBanner";
import { FormLockNotice } from "../src/together/FormLockNotice";
import RecordLock from "../src/together/RecordLock";
import type { FormLock } from "../src/together/useFormLock";
import { useRecordLock } from "../src/together/useRecordLock";
import { Announcer, useSpoken } from "../src/ui/Announcer";
import { Around, heard } from "./around";

const escrows = moduleAt("escrows");
const RECORD = { id: "e1", version: 1, can: ["edit", "reassign"] } as unknown as CrmRecord;
const ROSTER = {
  users: [
    { userId: "ava", name: "Ava", teamIds: ["north"], role: "agent" },
    { userId: "dana", name: "Dana", teamIds: ["north"], role: "agent" },
  ],
  teams: [],
};



begin();
beforeAll(() => import("../../client/src/collaboration/collaboration"));
beforeEach(() => vi.stubGlobal("fetch", async (): Promise<Response> => Response.json(ROSTER)));

describe("a notice", () => {
  const Notice = ({ text }: { text: string | undefined }) => {
    useSpoken(text);
    return <p>{text}</p>;
  };
  const Two = ({ texts: [one, other] }: { texts: [string?, string?] }) => (
    <Announcer>
      <Notice text={one} />
      <Notice text={other} />
    </Announcer>
  );

  it("is heard in a region that was there before, whenever it says something else, and not for ever", () => {
    vi.useFakeTimers();
    try {
      const { rerender } = render(<Two texts={[]} />);
      const region = document.querySelector("[aria-live=polite]");
      expect(heard()).toEqual([]);
      rerender(<Two texts={["Maintenance tonight.", "Dana has taken over."]} />);
      expect(heard()).toEqual(["Maintenance tonight.", "Dana has taken over."]);
      rerender(<Two texts={["Maintenance tonight.", "Dana is done."]} />);
      expect(heard()).toEqual(["Maintenance tonight.", "Dana has taken over.", "Dana is done."]);
      expect(document.querySelector("[aria-live=polite]")).toBe(region);
      act(() => void vi.advanceTimersByTime(10_000));
      expect(heard()).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("what the operators say", () => {
  it("is heard when it comes", async () => {
    const page = new Page({ model: new Model(NORTH, BROKER) });
    const office = new Office(page.world.server);
    page.world.server.others.set("/system", { items: [], positions: {} });
    await page.show(
      <Around>
        <SystemBanner />
      </Around>,
    );
    await page.connected();
    const system = { id: "b1", version: 1, room: BROKER, updatedAt: office.at(0), updatedBy: "system", kind: "broadcast", text: "Search is back.", level: "info" };
    await act(async () => {
      office.tell("system:broadcast", { systemId: "b1", version: 1, updatedBy: "system", system }, BROKER);
      await page.world.time.advance(0);
    });
    expect(screen.getByRole("region", { name: "From those who run Openhouse" }).textContent).toBe("Search is back.");
    expect(new Set(heard())).toEqual(new Set(["Search is back."]));
  });
});

describe("a form that is taken over", () => {
  const lockOf = (status: "held" | "lost"): FormLock =>
    ({
      lock: { until: undefined },
      seen: { status, before: "free", holder: status === "lost" ? "dana" : "ava", last: undefined, had: true },
      viewOnly: status === "lost",
    }) as unknown as FormLock;
  const Form = ({ status }: { status: "held" | "lost" }) => (
    <Around>
      <FormLockNotice module={escrows} record={RECORD} lock={lockOf(status)} />
      {status === "held" && <button type="submit">Save</button>}
      <input aria-label="City" />
    </Around>
  );

  it("is heard of, and has the focus on its notice if that was on what is gone", () => {
    const { rerender } = render(<Form status="held" />);
    screen.getByRole("button", { name: "Save" }).focus();
    rerender(<Form status="lost" />);
    const notice = screen.getByRole("region", { name: "Edit lock" });
    expect(heard()).toEqual([expect.stringMatching(/has taken over\. What you typed is kept here\.$/)]);
    expect(document.activeElement).toBe(notice);
  });

  it("leaves the focus where somebody types", () => {
    const { rerender } = render(<Form status="held" />);
    screen.getByLabelText("City").focus();
    rerender(<Form status="lost" />);
    expect(document.activeElement).toBe(screen.getByLabelText("City"));
  });
});

describe("a record that is being taken over", () => {
  it("says who had it until its form is there, and is not asked for twice", async () => {
    const shown = new Set<string>();
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    function Detail() {
      const lock = useRecordLock(escrows, "e1");
      if (lock.status === "locked") shown.add(String(lock.holder));
      return lock.status === "locked" && <RecordLock module={escrows} record={RECORD} lock={lock} />;
    }
    const root = createRootRoute();
    const detail = createRoute({ getParentRoute: () => root, path: "/escrows/$id", component: Detail });
    const form = createRoute({ getParentRoute: () => root, path: "/escrows/$id/edit", loader: () => arrived, component: () => <h1>The form</h1> });
    const router = createRouter({ routeTree: root.addChildren([detail, form]), history: createMemoryHistory({ initialEntries: ["/escrows/e1"] }) });

    const page = new Page();
    const office = new Office(page.world.server);
    await page.show(
      <Around>
        <RouterProvider router={router as never} />
      </Around>,
    );
    await page.connected();
    await act(async () => {
      office.lock("e1", "dana");
      await page.world.time.advance(0);
    });
    const button = screen.getByRole("button", { name: "Take over" });
    await act(async () => {
      fireEvent.click(button);
      await page.world.time.advance(1);
    });
    expect(office.locks.get("e1")?.holder).toBe("ava");
    expect(screen.getByRole("button", { name: "Take over" })).toHaveProperty("disabled", true);
    await act(async () => {
      arrive();
      await page.world.time.advance(1);
    });
    expect(await screen.findByRole("heading", { name: "The form" })).toBeDefined();
    expect([...shown]).toEqual(["dana"]);
  });
});

describe("the state of the connection", () => {
  it("is heard of by itself, and not as part of a button", async () => {
    const page = new Page();
    page.world.server.others.set("/presence", { items: [], positions: {} });
    await page.show(
      <Around>
        <LiveContext value={{ client: page.world.client } as unknown as Live}>
          <ConnectionBadge />
        </LiveContext>
      </Around>,
    );
    const region = screen.getByRole("status");
    const before = region.textContent;
    await page.connected();
    expect(screen.getByRole("status")).toBe(region);
    expect(region.textContent).not.toBe(before);
    expect(region.closest("button")).toBeNull();
  });
});
