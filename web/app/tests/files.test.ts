// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { type Api, ApiProblem, Unreachable } from "../src/api/http";
import { LARGEST, refusalOf, sizeText, typeOf } from "../src/files/file";
import { Uploads } from "../src/files/uploads";
import { inOrder, moved } from "../src/modules/items";

const PLACE = { noun: "listing", id: "l1", field: "photos" };

function file(name: string, type: string, size = 5): File {
  const made = new File(["x"], name, { type });
  Object.defineProperty(made, "size", { value: size });
  return made;
}

describe("moving an item", () => {
  type Entries = [string, { position: string }][];
  const order = (entries: Entries, id: string, to: number): string[] => {
    const items = Object.fromEntries(entries);
    return inOrder({ ...items, ...moved(entries, id, to) }).map(([each]) => each);
  };

  it("changes it alone, wherever it goes", () => {
    const entries: Entries = [["a", { position: "V" }], ["b", { position: "W" }], ["c", { position: "X" }]];
    expect(order(entries, "c", 0)).toEqual(["c", "a", "b"]);
    expect(order(entries, "a", 1)).toEqual(["b", "a", "c"]);
    expect(order(entries, "a", 2)).toEqual(["b", "c", "a"]);
    expect(Object.keys(moved(entries, "c", 1))).toEqual(["c"]);
  });

  it("finds room a thousand times in the same place, and writes what the server takes", () => {
    let entries: Entries = [["a", { position: "V" }], ["b", { position: "W" }], ["c", { position: "X" }]];
    for (let turn = 0; turn < 1_000; turn += 1) {
      const last = entries[2]?.[0] ?? "";
      const expected = [entries[0]?.[0], last, entries[1]?.[0]];
      const patch = moved(entries, last, 1);
      for (const { position } of Object.values(patch)) expect(position).toMatch(/^[0-9A-Za-z]{1,100}$/);
      entries = inOrder({ ...Object.fromEntries(entries), ...patch }) as Entries;
      expect(entries.map(([id]) => id)).toEqual(expected);
    }
  });

  it("gives all a new place where two have the same, or none is before the first", () => {
    const same: Entries = [["a", { position: "V" }], ["b", { position: "V" }], ["c", { position: "V" }]];
    expect(order(same, "c", 1)).toEqual(["a", "c", "b"]);
    const first: Entries = [["a", { position: "0" }], ["b", { position: "1" }]];
    expect(order(first, "b", 0)).toEqual(["b", "a"]);
    const many: Entries = Array.from({ length: 200 }, (_, at) => [`f${String(at).padStart(3, "0")}`, { position: "V" }]);
    const found = order(many, "f199", 0);
    expect(found.slice(0, 3)).toEqual(["f199", "f000", "f001"]);
    expect(found.at(-1)).toBe("f198");
  });
});

describe("a file", () => {
  it("is refused before it is sent, with a reason", () => {
    expect(refusalOf(file("a.pdf", "application/pdf", 0), undefined)).toBe("It is empty.");
    expect(refusalOf(file("a.pdf", "application/pdf", LARGEST + 1_000_000), undefined)).toBe("It has 26 MB; a file may have 25 MB.");
    expect(refusalOf(file("a.pdf", "application/pdf", LARGEST), undefined)).toBeUndefined();
    expect(refusalOf(file("a.svg", "image/svg+xml"), undefined)).toBeUndefined();
    for (const type of ["application/pdf", "image/svg+xml", "image/heic", ""]) {
      expect(refusalOf(file("a", type), "images")).toMatch(/^A photo has to be/);
    }
    expect(refusalOf(file("a.jpg", "image/jpeg"), "images")).toBeUndefined();
  });

  it("has the type that its browser knows, or none", () => {
    expect(typeOf(file("a", "text/plain;charset=utf-8"))).toBe("text/plain");
    expect(typeOf(file("a", ""))).toBe("application/octet-stream");
  });

  it("is as large as people say", () => {
    expect([5, 999, 1_000, 182_044, 999_499, 999_500, 1_440_000, 24_600_000].map(sizeText)).toEqual(["5 B", "999 B", "1 KB", "182 KB", "999 KB", "1 MB", "1.4 MB", "25 MB"]);
  });
});

/** A browser that sends at once, or when it is told. */
class Sender {
  static open: Sender[] = [];
  status = 204;
  upload = new EventTarget();
  readonly #target = new EventTarget();
  constructor() {
    Sender.open.push(this);
  }
  addEventListener(kind: string, listener: () => void) {
    this.#target.addEventListener(kind, listener);
  }
  open() {}
  send() {}
  end(kind: "load" | "error" | "abort", status = 204) {
    this.status = status;
    this.#target.dispatchEvent(new Event(kind));
    this.#target.dispatchEvent(new Event("loadend"));
  }
  abort() {
    this.end("abort");
  }
}

function world(done: () => Promise<unknown> = async () => ({})) {
  Sender.open = [];
  vi.stubGlobal("XMLHttpRequest", Sender);
  const calls: string[] = [];
  let ids = 0;
  const api = {
    call: async (method: string, path: string) => {
      calls.push(`${method} ${path}`);
      if (path.endsWith("/done")) return done();
      ids += 1;
      return { id: `f${ids}`, url: "https://files.test/", fields: { key: "k" } };
    },
  };
  const uploads = new Uploads(api as unknown as Api);
  return { uploads, calls, states: () => uploads.all().map(({ state }) => state) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("uploads", () => {
  it("go three at a time, and the next when one is there", async () => {
    const { uploads, states, calls } = world();
    uploads.add([1, 2, 3, 4].map((each) => file(`${each}.png`, "image/png")), PLACE, "images");
    await settled();
    expect(states()).toEqual(["sending", "sending", "sending", "waiting"]);
    Sender.open[0]?.end("load");
    await settled();
    expect(states()).toEqual(["sent", "sending", "sending", "sending"]);
    expect(uploads.all()[0]?.id).toBe("f1");
    expect(calls).toContain("POST /files/f1/done");
  });

  it("tell how far each is", async () => {
    const { uploads } = world();
    uploads.add([file("a.png", "image/png", 1_000)], PLACE);
    await settled();
    const event = new Event("progress");
    Object.assign(event, { loaded: 600, total: 1_200 }); // with what the form has around it
    Sender.open[0]?.upload.dispatchEvent(event);
    expect(uploads.all()[0]?.bytes).toBe(500);
  });

  it("that fail say why, keep no others waiting, and are tried again", async () => {
    const { uploads, states } = world();
    uploads.add([file("a.png", "image/png"), file("b.png", "image/png")], PLACE);
    await settled();
    Sender.open[0]?.end("error");
    Sender.open[1]?.end("load", 403);
    await settled();
    expect(states()).toEqual(["failed", "failed"]);
    expect(uploads.all()[0]?.why).toBeInstanceOf(Unreachable);
    uploads.retry(uploads.all()[0]?.key ?? "");
    await settled();
    expect(states()).toEqual(["sending", "failed"]);
    Sender.open[2]?.end("load");
    await settled();
    expect(states()).toEqual(["sent", "failed"]);
  });

  it("that are stopped are gone, and nothing is said of them", async () => {
    const { uploads, states, calls } = world();
    uploads.add([file("a.png", "image/png")], PLACE);
    await settled();
    uploads.drop(uploads.all()[0]?.key ?? "");
    await settled();
    expect(states()).toEqual([]);
    expect(calls).toEqual(["POST /files"]);
  });

  it("say again that a file is there while the server cannot answer, and not what it refuses", async () => {
    vi.useFakeTimers();
    let tried = 0;
    const { uploads, states } = world(async () => {
      tried += 1;
      if (tried < 3) throw new ApiProblem(503, { retryable: true });
      return {};
    });
    uploads.add([file("a.png", "image/png")], PLACE);
    await vi.advanceTimersByTimeAsync(1);
    Sender.open[0]?.end("load");
    await vi.advanceTimersByTimeAsync(5_000);
    expect([tried, ...states()]).toEqual([3, "sent"]);
    vi.useRealTimers();
    const refused = world(async () => {
      throw new ApiProblem(422, { detail: "type: is application/pdf, but the content is image/png", retryable: false });
    });
    refused.uploads.add([file("a.pdf", "application/pdf")], PLACE);
    await settled();
    Sender.open[0]?.end("load");
    await settled();
    expect(refused.states()).toEqual(["refused"]);
    expect(refused.calls.filter((call) => call.endsWith("/done"))).toHaveLength(1);
  });

  it("that cannot be sent are told at once", () => {
    const { uploads, states } = world();
    uploads.add([file("a.heic", "image/heic"), file("b.png", "image/png")], PLACE, "images");
    expect(states()).toEqual(["refused", "sending"]);
  });
});
