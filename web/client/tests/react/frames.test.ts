/** How often a page draws what is new, by how long that takes it. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Frames } from "../../src/react/frames.js";

const FRAME = 1_000 / 60;
let now = 0;
let calls: ((at: number) => void)[] = [];

/** So many milliseconds of frames; each in which `shows` said that it drew something lasts `cost` longer. */
function pass(milliseconds: number, shows: () => boolean, cost: number, each: () => void): void {
  for (const end = now + milliseconds; now < end; ) {
    each();
    const due = calls;
    calls = [];
    for (const call of due) call(now);
    now += shows() ? FRAME + cost : FRAME;
  }
}

beforeEach(() => {
  [now, calls] = [1_000, []];
  vi.stubGlobal("requestAnimationFrame", (call: (at: number) => void) => calls.push(call));
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
});
afterEach(() => vi.unstubAllGlobals());

/** How often something was drawn in a second in which there was always something new. */
function drawnInASecond(cost: number): number {
  let [drawn, fresh] = [0, false];
  const frames = new Frames(() => {
    drawn += 1;
    fresh = true;
  });
  const shows = (): boolean => {
    const was = fresh;
    fresh = false;
    return was;
  };
  pass(1_000, shows, cost, () => frames.soon());
  return drawn;
}

test("draws with every frame while none is lost", () => {
  expect(drawnInASecond(2)).toBeGreaterThan(50);
});

test("leaves the page at least nine of ten frames where each drawing costs it some", () => {
  for (const cost of [1, 2, 3].map((frames) => frames * FRAME)) {
    const drawn = drawnInASecond(cost);
    expect(drawn).toBeGreaterThan(1);
    expect((drawn * cost) / 1_000).toBeLessThan(1 / 10 + 0.05);
  }
});

test("what is new is drawn within half a second however slow the page is", () => {
  const drawn: number[] = [];
  const frames = new Frames(() => drawn.push(now));
  frames.soon();
  pass(1, () => true, 5_000, () => undefined);
  const since = now;
  frames.soon();
  pass(700, () => false, 0, () => undefined);
  expect(drawn).toHaveLength(2);
  expect((drawn[1] ?? 0) - since).toBeLessThan(500 + 2 * FRAME);
});
