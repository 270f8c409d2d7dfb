import { afterEach, describe, expect, it, vi } from "vitest";
import type { Me, Roster } from "../src/contract";
import { askPermission, permission, showNotice } from "../src/notifications/browserNotices";
import { pathOf } from "../src/notifications/looks";
import { LASTS, unreadToasts, withoutToast, withToast } from "../src/notifications/toasts";
import { recipientsOf } from "../src/people/recipients";

const ids = (some: readonly { readonly id: string }[]) => some.map(({ id }) => id);

describe("toasts", () => {
  it("are the last three, each once, until they are read anywhere", () => {
    const shown = ["a", "b", "a", "c", "d"].reduce<readonly { id: string }[]>((before, id) => withToast(before, { id }), []);
    expect(ids(shown)).toEqual(["a", "c", "d"]);
    expect(ids(withoutToast(shown, "c"))).toEqual(["a", "d"]);
    const items = [{ id: "d", read: true }, { id: "c", read: false }];
    expect(ids(unreadToasts(shown, items))).toEqual(["a", "c"]);
    expect(unreadToasts(shown, [])).toBe(shown);
  });

  it("go by themselves, but for what has gone wrong", () => {
    expect(LASTS.error).toBe(Infinity);
    expect(LASTS.warning).toBeGreaterThan(LASTS.info);
  });
});

it("a notification leads to its record, if this version knows such", () => {
  expect(pathOf({ noun: "escrow", id: "e1" })).toBe("/escrows/e1");
  expect([pathOf({ noun: "offer", id: "o1" }), pathOf(undefined)]).toEqual([undefined, undefined]);
});

describe("messages go", () => {
  const person = (userId: string, ...teamIds: string[]) => ({ userId, name: userId.toUpperCase(), email: "", role: "agent" as const, teamIds, invitedAt: null });
  const roster = {
    brokerage: { brokerageId: "demo", name: "Demo" },
    teams: [{ teamId: "south", name: "South" }, { teamId: "north", name: "North" }],
    users: [person("ben", "north"), person("ava", "north"), person("mia", "south"), person("dana")],
  } as unknown as Roster;
  const to = (role: Me["role"], ...teamIds: string[]) => recipientsOf({ userId: "ava", role, teamIds } as unknown as Me, roster).map(({ key }) => key);

  it("from leads to their teams and the people in them", () => {
    expect(to("lead", "north")).toEqual(["team:north", "user:ben"]);
  });

  it.each(["broker", "admin"] as const)("from a %s to everybody", (role) => {
    expect(to(role)).toEqual(["brokerage", "team:north", "team:south", "user:ben", "user:dana", "user:mia"]);
  });

  it("from agents to nobody", () => {
    expect(to("agent", "north")).toEqual([]);
  });
});

describe("the browser's own notifications", () => {
  afterEach(() => vi.unstubAllGlobals());

  class Shown extends EventTarget {
    static permission: NotificationPermission = "default";
    static readonly requestPermission = vi.fn<() => Promise<NotificationPermission>>(async () => (Shown.permission = "granted"));
    static readonly all: Shown[] = [];
    readonly close = vi.fn<() => void>();
    constructor(
      readonly title: string,
      readonly options: NotificationOptions,
    ) {
      super();
      Shown.all.push(this);
    }
  }
  const notice = { id: "n1", title: "Ben assigned an escrow to you", text: "12 Harbor Way", path: "/escrows/e1" };

  it("are asked for once", async () => {
    expect(permission()).toBe("unsupported");
    vi.stubGlobal("Notification", Shown);
    expect(permission()).toBe("default");
    expect([await askPermission(), await askPermission()]).toEqual(["granted", "granted"]);
    expect(Shown.requestPermission).toHaveBeenCalledTimes(1);
  });

  it("are one for all tabs, lead to the record, and go when it is read elsewhere", () => {
    vi.stubGlobal("Notification", Shown);
    vi.stubGlobal("window", { focus: () => undefined });
    const went: string[] = [];
    const end = showNotice(notice, (path) => went.push(path));
    const [shown] = Shown.all;
    expect(shown).toMatchObject({ title: notice.title, options: { body: "12 Harbor Way", tag: "n1" } });
    shown?.dispatchEvent(new Event("click"));
    expect(went).toEqual(["/escrows/e1"]);
    end();
    expect(shown?.close).toHaveBeenCalledTimes(2);
  });

  it("are the worker's where pages may have none", async () => {
    vi.stubGlobal("Notification", function Notification() {
      throw new TypeError("Illegal constructor");
    });
    const kept = { close: vi.fn<() => void>() };
    const registration = {
      showNotification: vi.fn<(title: string, options: object) => Promise<void>>(async () => undefined),
      getNotifications: async ({ tag }: { tag: string }) => (tag === "n1" ? [kept] : []),
    };
    vi.stubGlobal("navigator", { serviceWorker: { getRegistration: async () => registration } });
    const end = showNotice(notice, () => undefined);
    await vi.waitFor(() => expect(registration.showNotification).toHaveBeenCalledWith(notice.title, { body: notice.text, tag: "n1", data: { path: notice.path } }), 60_000);
    end();
    await vi.waitFor(() => expect(kept.close).toHaveBeenCalled(), 60_000);
  });
});
