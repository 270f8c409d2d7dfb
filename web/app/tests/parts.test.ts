import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Unreachable } from "../src/api/http";
import { preload } from "../src/shell/preload";
import { loadAll, loadFailed, part } from "../src/ui/part";

const Nothing = (): null => null;
type Load = () => Promise<{ default: typeof Nothing }>;
const GONE = new TypeError("Failed to fetch dynamically imported module: /assets/Palette-1.js");
const named = (loaded: string[], name: string): Load => async () => {
  loaded.push(name);
  return { default: Nothing };
};

afterEach(() => vi.unstubAllGlobals());

/** What is thrown where it is shown. */
function complaintOf(made: unknown): unknown {
  try {
    (made as (props: object) => unknown)({});
    return undefined;
  } catch (error) {
    return error;
  }
}

test("everything is loaded, with what is only part of something that is loaded", async () => {
  const loaded: string[] = [];
  part(async () => {
    part(named(loaded, "its papers"));
    return named(loaded, "a screen")();
  });
  await loadAll();
  await loadAll();
  expect(loaded).toEqual(["a screen", "its papers"]);
});

test.each([
  { onLine: false, answers: async () => Response.json({}) },
  { onLine: true, answers: async () => Promise.reject(new TypeError("Failed to fetch")) },
])("what could not be loaded says that the server cannot be reached, and is there when it is tried again", async ({ onLine, answers }) => {
  vi.stubGlobal("navigator", { onLine });
  vi.stubGlobal("fetch", answers);
  const load = vi.fn<Load>().mockRejectedValueOnce(GONE);
  const made = part(load.mockResolvedValue({ default: Nothing }));
  await loadAll();
  expect(complaintOf(made)).toBeInstanceOf(Unreachable);
  await loadFailed();
  expect(complaintOf(made)).toBeUndefined();
  await loadFailed();
  expect(load).toHaveBeenCalledTimes(2);
});

test("parts that are missing where the app is served are of a version that is gone: the router is told as it is", async () => {
  const ask = vi.fn<() => Promise<Response>>(async () => Response.json({}));
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("fetch", ask);
  const made = [part(vi.fn<Load>().mockRejectedValueOnce(GONE)), part(vi.fn<Load>().mockRejectedValueOnce(GONE))];
  await loadAll();
  expect(made.map(complaintOf)).toEqual([GONE, GONE]);
  expect(ask).toHaveBeenCalledTimes(1);
});

describe("ahead", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  function isLoadedAhead(browser: object): boolean {
    vi.stubGlobal("navigator", browser);
    const loaded: string[] = [];
    part(named(loaded, "a dialog"));
    const stop = preload();
    vi.runAllTimers();
    stop();
    return loaded.length > 0;
  }

  test("parts are loaded where nobody else keeps them and nobody minds", () => {
    expect(isLoadedAhead({})).toBe(true);
    expect(isLoadedAhead({ connection: { saveData: false } })).toBe(true);
    expect(isLoadedAhead({ connection: { saveData: true } })).toBe(false);
    expect(isLoadedAhead({ serviceWorker: { controller: {} } })).toBe(false);
  });
});
