import { describe, expect, it, vi } from "vitest";
import { workerOf } from "../worker/plugin";

const ORIGIN = "https://app.example";

type Build = Record<string, string>;

const build = (number: number): Build => ({ "index.html": `page ${number}`, [`assets/app-${number}.js`]: `app ${number}` });

const workerOfBuild = (parts: Build) =>
  workerOf(new Map(Object.entries(parts).map(([path, text]) => [path, new TextEncoder().encode(text)])));

class Asked {
  readonly integrity: string;
  constructor(
    readonly url: string,
    { integrity = "" } = {},
  ) {
    this.integrity = integrity;
  }
}

const pathOf = (request: Asked | string) => (typeof request === "string" ? request : request.url).replace(ORIGIN, "");

/** A browser, its network, and the caches that workers leave in it. */
function browser() {
  const kept = new Map<string, Map<string, string>>();
  const demanded = new Map<string, string>(); // the hash of what has to come, by path
  const pages: { readonly postMessage: (words: object) => void; readonly focus: () => Promise<void> }[] = [];
  const opened: string[] = []; // paths, each in a new page
  const network = { answer: (path: string): string | Promise<string> => `${path} of the network` };

  const fetch = vi.fn<(request: Asked | string) => Promise<Response>>(async (request) => new Response(await network.answer(pathOf(request))));
  const found = (text: string | undefined) => (text === undefined ? undefined : new Response(text));
  const caches = {
    async open(name: string) {
      const cache = kept.get(name) ?? new Map<string, string>();
      kept.set(name, cache);
      const put = async (request: Asked | string, answer: Response) => void cache.set(pathOf(request), await answer.text());
      return {
        put,
        match: async (path: string) => found(cache.get(path)),
        addAll: async (requests: (Asked | string)[]) => {
          for (const each of requests) if (each instanceof Asked) demanded.set(each.url, each.integrity);
          await Promise.all(requests.map(async (each) => put(each, await fetch(each))));
        },
      };
    },
    keys: async () => [...kept.keys()],
    delete: async (name: string) => kept.delete(name),
    match: async (request: Asked) => found([...kept.values()].map((cache) => cache.get(pathOf(request))).find(Boolean)),
  };

  /** Runs the file. */
  function worker(text: string) {
    const handlers = new Map<string, (event: object) => void>();
    const self = {
      addEventListener: (type: string, handler: (event: object) => void) => handlers.set(type, handler),
      location: { origin: ORIGIN },
      skipWaiting: async () => undefined,
      clients: { claim: async () => undefined, matchAll: async () => pages, openWindow: async (path: string) => void opened.push(path) },
    };
    // oxlint-disable-next-line typescript/no-implied-eval -- as a browser does with it
    new Function("self", "caches", "fetch", "Request", text)(self, caches, fetch, Asked);
    return {
      async install() {
        for (const type of ["install", "activate"]) {
          const waited: Promise<unknown>[] = [];
          handlers.get(type)?.({ waitUntil: (promise: Promise<unknown>) => waited.push(promise) });
          // oxlint-disable-next-line eslint/no-await-in-loop -- one after the other
          await Promise.all(waited);
        }
      },
      async click(path: string): Promise<void> {
        let done: Promise<unknown> | undefined;
        const notification = { close: () => undefined, data: { path } };
        handlers.get("notificationclick")?.({ notification, waitUntil: (promise: Promise<unknown>) => (done = promise) });
        await done;
      },
      /** What a page is given; undefined: the browser asks for it itself. */
      async answer(url: string, { mode = "cors", method = "GET" } = {}): Promise<string | undefined> {
        let given: Promise<Response> | undefined;
        const request = { url: url.startsWith("/") ? ORIGIN + url : url, mode, method };
        const respondWith = (answer: Promise<Response>) => (given = answer);
        handlers.get("fetch")?.({ request, respondWith, waitUntil: () => undefined });
        return (await given)?.text();
      },
    };
  }
  return { kept, demanded, network, fetch, worker, pages, opened };
}

async function installed(number = 1) {
  const here = browser();
  const worker = here.worker(await workerOfBuild(build(number)));
  await worker.install();
  return { ...here, worker, page: async (path: string) => worker.answer(path, { mode: "navigate" }) };
}

const without = async (): Promise<never> => Promise.reject(new TypeError("Failed to fetch"));

describe("the worker", () => {
  it("keeps the page, every part and the settings of one build, and takes nothing that is of another", async () => {
    const { kept, demanded } = await installed();
    expect([...kept.values()].map((cache) => [...cache.keys()])).toEqual([["/assets/app-1.js", "/index.html", "/config.json"]]);
    expect(demanded.get("/index.html")).toBe("sha256-BiGhwRHP1FVKFy2ezUkKmo1uTmbg9ERJG3FvsdAKsbk=");
    expect(demanded.get("/assets/app-1.js")).toMatch(/^sha256-/);
  });

  it("of the next build takes the place of the one before, with a cache of its own", async () => {
    const here = browser();
    await here.worker(await workerOfBuild(build(1))).install();
    const [first] = here.kept.keys();
    await here.worker(await workerOfBuild(build(2))).install();
    const [second, ...others] = here.kept.keys();
    expect(others).toEqual([]);
    expect(second).not.toBe(first);
    expect([...(here.kept.get(second ?? "")?.keys() ?? [])]).toEqual(["/assets/app-2.js", "/index.html", "/config.json"]);
  });

  it("is the same file for the same build, and another one where only the page is another", async () => {
    expect(await workerOfBuild(build(1))).toBe(await workerOfBuild(build(1)));
    const [one, other] = [await workerOfBuild(build(1)), await workerOfBuild({ ...build(1), "index.html": "changed" })];
    expect(one.split("\n")[0]).not.toBe(other.split("\n")[0]);
  });

  it("gives the page and the settings from the network, and parts from what it keeps", async () => {
    const { worker, page, network } = await installed();
    network.answer = (path) => `${path} of today`;
    expect(await page("/escrows")).toBe("/escrows of today");
    expect(await worker.answer("/config.json")).toBe("/config.json of today");
    expect(await worker.answer("/assets/app-1.js")).toBe("/assets/app-1.js of the network");
    expect(await worker.answer("/assets/app-2.js")).toBe("/assets/app-2.js of today");
  });

  it("without a network gives the kept page at every address of the app, and the settings that came last", async () => {
    const { worker, page, network } = await installed();
    network.answer = () => "settings of today";
    await worker.answer("/config.json");
    network.answer = without;
    for (const path of ["/", "/escrows", "/escrows/01a/edit"]) {
      // oxlint-disable-next-line eslint/no-await-in-loop -- in this order
      expect(await page(path)).toBe("/index.html of the network");
    }
    expect(await worker.answer("/config.json")).toBe("settings of today");
  });

  it("gives the kept page where the network takes more than three seconds", async () => {
    vi.useFakeTimers();
    try {
      const { page, network } = await installed();
      network.answer = async () => new Promise(() => undefined);
      const shown = page("/escrows");
      await vi.advanceTimersByTimeAsync(2_900);
      expect(await Promise.race([shown, Promise.resolve("nothing yet")])).toBe("nothing yet");
      await vi.advanceTimersByTimeAsync(200);
      expect(await shown).toBe("/index.html of the network");
    } finally {
      vi.useRealTimers();
    }
  });

  it("opens what a notification is about, in a page that is there or in a new one", async () => {
    const { worker, pages, opened } = await installed();
    await worker.click("/escrows/e1");
    expect(opened).toEqual(["/escrows/e1"]);
    const page = { postMessage: vi.fn<(words: object) => void>(), focus: vi.fn<() => Promise<void>>(async () => undefined) };
    pages.push(page);
    await worker.click("/leads/l1");
    expect(page.postMessage).toHaveBeenCalledWith({ open: "/leads/l1" });
    expect(page.focus).toHaveBeenCalledTimes(1);
    expect(opened).toHaveLength(1);
  });

  it("does not touch the API, whatever else is served there, or another origin", async () => {
    const { worker, page, fetch } = await installed();
    fetch.mockClear();
    const answers = await Promise.all([
      ...["/api/escrows", "/about", "/docs", "/docs/rest", "/config.json", "/sw.js", "/icon.svg"].map(page),
      worker.answer("/api/escrows"),
      worker.answer("/api/assets/1"),
      worker.answer("/assets/app-1.js", { method: "HEAD" }),
      worker.answer("/escrows", { mode: "navigate", method: "POST" }),
      worker.answer("https://cognito.example/assets/app-1.js"),
    ]);
    expect(answers.filter((answer) => answer !== undefined)).toEqual([]);
    expect(fetch).not.toHaveBeenCalled();
  });
});
