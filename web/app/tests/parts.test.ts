import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Unreachable } from "../src/api/http";
import { preload } from "../src/shell/preload";
import { loadAll, loadFailed, part } from "../src/ui/part";

const Nothing = (): null => null;
const named = (loaded: string[], name: string) => async (): Promise<{ default: typeof Nothing }> => {
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

test("what could not be loaded says that the server cannot be reached, and is there when it is tried again", async () => {
  vi.stubGlobal("navigator", { onLine: false });
  const load = vi.fn<() => Promise<{ default: typeof Nothing }>>().mockRejectedValueOnce(new TypeError("Failed to fetch dynamically imported module"));
  const made = part(load.mockResolvedValue({ default: Nothing }));
  await loadAll();
  expect(complaintOf(made)).toBeInstanceOf(Unreachable);
  await loadFailed();
  expect(complaintOf(made)).toBeUndefined();
  await loadFailed();
  expect(load).toHaveBeenCalledTimes(2);
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
