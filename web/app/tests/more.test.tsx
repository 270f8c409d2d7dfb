// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { More } from "../src/notifications/More";

/** As browsers have it: tells at first, and then of changes alone. */
class Observer {
  static isNear = true;
  #told: (entries: readonly { isIntersecting: boolean }[]) => void;

  constructor(told: (entries: readonly { isIntersecting: boolean }[]) => void) {
    this.#told = told;
  }

  observe(): void {
    const { isNear } = Observer;
    queueMicrotask(() => this.#told([{ isIntersecting: isNear }]));
  }

  disconnect(): void {
    this.#told = () => undefined;
  }
}

/** The end of a list whose pages these are: how many of each page are shown, or that it cannot be had. */
async function listOf(...pages: (number | Error)[]): Promise<{ asked: () => number; failures: unknown[] }> {
  let [asked, shown] = [0, 0];
  const failures: unknown[] = [];
  const fetchMore = async (): Promise<void> => {
    asked += 1;
    const page = pages.shift();
    if (page instanceof Error) throw page;
    shown += page ?? 0;
    Observer.isNear = shown < 3; // the list is long enough then
  };
  await act(async () => void render(<More fetchMore={fetchMore} failed={(why) => failures.push(why)} />));
  return { asked: () => asked, failures };
}

describe("the end of the notifications", () => {
  beforeEach(() => {
    Observer.isNear = true;
    vi.stubGlobal("IntersectionObserver", Observer);
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });

  it("goes on while what comes is nothing that is shown, and no further than somebody sees", async () => {
    const { asked } = await listOf(0, 0, 3, 3);
    expect(asked()).toBe(3);
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });

  it("says once that a page could not be had, and asks again when somebody wants it", async () => {
    const why = new Error("no connection");
    const { asked, failures } = await listOf(why, 1, 2);
    expect([asked(), failures]).toEqual([1, [why]]);
    await act(async () => void fireEvent.click(screen.getByRole("button", { name: "Show more" })));
    expect(asked()).toBe(3);
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });
});
