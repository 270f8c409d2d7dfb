import type { Client } from "@openhouse/client";
import { describe, expect, it } from "vitest";
import { badgeText, countdown, detail, onlineText, toneOf } from "../src/live/connectionWords";
import { deedText } from "../src/live/deeds";
import { draftsOf, readDraft, wipeDrafts, writeDraft } from "../src/live/drafts";
import { complaintOf } from "../src/api/complaint";
import { refusedText } from "../src/together/lockWords";
import { changeAll } from "../src/modules/bulk";
import { moduleAt, type CrmRecord } from "../src/modules/modules";
import { foundIn } from "../src/shell/cachedSearch";
import { rightsOf, statusesOf } from "../src/modules/selection";

const connected = { status: "connected", reason: "connected" } as const;
const waiting = { status: "reconnecting", reason: "the server could not be reached", retryAt: 12_400 } as const;

describe("the badge", () => {
  it("has three designs, and leaves out the people that nobody has counted", () => {
    const texts = (["word", "people", "icon"] as const).map((design) => badgeText(connected, design));
    expect(texts).toEqual(["Live", "Connected", "Connected"]);
    expect([onlineText(connected, "people", 3), onlineText(connected, "people"), onlineText(connected, "word", 3)]).toEqual(["3 online", "", ""]);
    expect(onlineText(waiting, "people", 3)).toBe("");
    expect(detail(connected, 10_000, 8_000)).toBe("Connected, last sync 2 s ago");
    expect(detail(connected, 10_000, 8_000, 3)).toBe("Connected, 3 team members online, last sync 2 s ago");
  });

  it("is green, yellow or red, and counts the seconds to the next try", () => {
    expect([toneOf(connected), toneOf(waiting), toneOf({ status: "error", reason: "" })]).toEqual(["green", "amber", "red"]);
    expect([countdown(waiting, 10_000), countdown(waiting, 13_000), countdown(connected, 0)]).toEqual(["in 3 s", "", ""]);
    expect(detail(waiting, 10_000)).toBe("Reconnecting: the server could not be reached, next try in 3 s");
  });
});

describe("a change in words", () => {
  const record = { id: "e1", propertyAddress: "12 Harbor Way" };
  it.each([
    [{ method: "PATCH", id: "e1", body: { purchasePriceCents: 43_000_000, city: null } }, "Change 12 Harbor Way: purchase price to $430,000 and no city"],
    [{ method: "POST", id: "e1", verb: "archive" }, "Archive 12 Harbor Way"],
    [{ method: "DELETE", id: "e1" }, "Delete 12 Harbor Way"],
    [{ method: "POST", body: { propertyAddress: "9 Elm St" } }, "Create escrow 9 Elm St"],
  ] as const)("%o", (write, text) => {
    expect(deedText({ noun: "escrow", ...write }, record)).toBe(text);
  });

  it("of a record that is not known", () => {
    expect(deedText({ noun: "lead", method: "DELETE", id: "x" }, undefined)).toBe("Delete a lead");
  });
});

it("records of this browser are found by the beginnings of words, whatever their accents", () => {
  const records = [
    { id: "c1", firstName: "Angela", lastName: "Núñez", phone: "+16615550142" },
    { id: "c2", firstName: "Sam", lastName: "O'Hara", phone: "+19165550123" },
  ];
  const ids = (text: string) => foundIn(records, text, 5).map(({ id }) => id);
  expect([ids("nunez ang"), ids("NÚÑEZ"), ids("ohara"), ids("(661) 555-0142"), ids("nunez sam"), ids("  ")]).toEqual([
    ["c1"],
    ["c1"],
    ["c2"],
    ["c1"],
    [],
    [],
  ]);
});

describe("drafts", () => {
  function storage() {
    const kept = new Map<string, string>();
    return {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
      key: (index: number) => [...kept.keys()][index] ?? null,
      get length() {
        return kept.size;
      },
    };
  }

  it("are of one person and one form, and go without a trace", () => {
    const store = storage();
    store.setItem("other", "stays");
    writeDraft("ava", "/escrows/new", { at: 1, content: { city: "Davis" } }, store);
    writeDraft("ben", "/leads/new", { at: 2, content: {} }, store);
    expect(readDraft("ava", "/escrows/new", store)).toEqual({ at: 1, content: { city: "Davis" } });
    expect([readDraft("ben", "/escrows/new", store), draftsOf("ben", store)]).toEqual([undefined, ["/leads/new"]]);
    wipeDrafts(store);
    expect([draftsOf("ava", store), draftsOf("ben", store), store.length]).toEqual([[], [], 1]);
  });
});

describe("several rows", () => {
  const escrows = moduleAt("escrows");
  const row = (status: string, ...can: string[]) => ({ status, can }) as unknown as CrmRecord;

  it("allow what each of them allows", () => {
    expect([...rightsOf([row("opened", "edit", "delete"), row("opened", "edit")])]).toEqual(["edit"]);
    expect([...rightsOf([])]).toEqual([]);
  });

  it("may become what each of them may become, or is", () => {
    expect(statusesOf(escrows, [row("opened"), row("pending")])).toContain("closed");
    expect(statusesOf(escrows, [row("opened"), row("closed")])).not.toContain("pending");
  });
});

describe("many rows at once", () => {
  const escrows = moduleAt("escrows");
  const named = (id: string) => id.toUpperCase();
  const why = (error: unknown): string => {
    const { held, message } = complaintOf(error);
    return held ? refusedText(held, { me: "ava", named }) : message;
  };
  const rows = ["a", "b", "c"].map((id, index) => ({ id, version: index + 1, status: "opened", propertyAddress: `${id} St` }) as unknown as CrmRecord);

  it("are changed by one request, guarded by their versions, and each that was not says why", async () => {
    const asked: { entries: object; key: string | undefined }[] = [];
    const answers = [
      [{ status: 200, id: "a", version: 2 }, { status: 503, error: { title: "busy" } }, { status: 503, error: { title: "busy" } }],
      [
        { status: 200, id: "a", version: 2 },
        { status: 412, error: { title: "The record has changed in the meantime" } },
        { status: 409, error: { title: "No", detail: "from opened one gets to pending" } },
      ],
    ];
    const client = {
      rest: {
        bulk: async (_noun: string, { entries }: { entries: object }, { idempotencyKey }: { idempotencyKey: string }) => {
          asked.push({ entries, key: idempotencyKey });
          return { results: answers[asked.length - 1] };
        },
      },
    } as unknown as Client;
    const result = await changeAll(client, escrows, rows, () => ({ status: "pending" }), { why, guarded: true });
    expect(result).toEqual({
      done: ["a"],
      failed: [
        { id: "b", title: "b St", why: "Somebody changed it meanwhile." },
        { id: "c", title: "c St", why: "From opened one gets to pending." },
      ],
    });
    expect(asked[0]?.entries).toEqual(["a", "b", "c"].map((id, index) => ({ id, changes: { status: "pending" }, version: index + 1 })));
    expect(asked).toEqual([asked[0], asked[0]]); // what was busy is asked again under the same key
  });

  it("name who is editing the locked ones", async () => {
    const results = [
      { status: 423, error: { code: "locked", title: "The record is locked", holder: "jayden", until: "2026-03-01T18:05:00.000Z" } },
      { status: 423, error: { code: "locked", title: "The record is locked" } },
      { status: 200, id: "c", version: 4 },
    ];
    const client = { rest: { bulk: async () => ({ results }) } } as unknown as Client;
    const { done, failed } = await changeAll(client, escrows, rows, () => ({ status: "pending" }), { why, guarded: true });
    expect(done).toEqual(["c"]);
    expect(failed.map(({ title }) => title)).toEqual(["a St", "b St"]);
    expect(failed[0]?.why).toMatch(/^JAYDEN is editing this, until \d+:05 [AP]M at the latest\./);
    expect(failed[1]?.why).toMatch(/^Somebody else has been at work on this/);
  });
});
