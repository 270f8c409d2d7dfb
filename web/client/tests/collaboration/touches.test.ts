// @vitest-environment happy-dom
/** What counts as somebody being there, and when it is told. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { touches } from "../../src/collaboration/touches.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a touch is told when its event is over, even one that the page keeps to itself, until nobody listens", () => {
  const told = vi.fn();
  const stop = touches(told);
  const input = document.body.appendChild(document.createElement("input"));
  input.addEventListener("input", (event) => event.stopPropagation());
  input.dispatchEvent(new Event("input", { bubbles: true }));
  expect(told).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(told).toHaveBeenCalledOnce();
  window.dispatchEvent(new Event("focus"));
  stop();
  vi.runAllTimers();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  vi.runAllTimers();
  expect(told).toHaveBeenCalledOnce();
});
