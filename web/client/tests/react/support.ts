/** Hooks in a page of their own: a world with a fake server, frames that come when told, requests that are counted. */

import { act, cleanup, render } from "@testing-library/react";
import type { RenderResult } from "@testing-library/react";
import { QueryClient, notifyManager } from "@tanstack/react-query";
import { StrictMode, cloneElement, createElement, isValidElement } from "react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, vi } from "vitest";
import type { Offline } from "../../src/offline/index.js";
import { OpenhouseProvider } from "../../src/react/index.js";
import { World } from "../support/world.js";
import type { WorldOptions } from "../support/world.js";
import { settle } from "../support/time.js";

const page = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };

let frames = new Map<number, () => void>();
let lastFrame = 0;

notifyManager.setScheduler(queueMicrotask);

/** To be called in each file: the page, and its frames. */
export function usePage(): void {
  beforeAll(() => import("../../src/react/parts.js")); // what is loaded with the first answer
  beforeEach(() => {
    page.IS_REACT_ACT_ENVIRONMENT = true;
    frames = new Map();
    vi.stubGlobal("requestAnimationFrame", (call: () => void) => {
      frames.set(++lastFrame, call);
      return lastFrame;
    });
    vi.stubGlobal("cancelAnimationFrame", (number: number) => frames.delete(number));
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });
}

export function waitingFrames(): number {
  return frames.size;
}

/** What is due is painted. */
export async function frame(): Promise<void> {
  await act(async () => {
    const due = [...frames.values()];
    frames.clear();
    for (const call of due) call();
    await settle();
  });
}

export class Page {
  readonly world: World;
  readonly queries = new QueryClient({ defaultOptions: { queries: { retryDelay: 0 } } });
  shown: RenderResult | undefined;

  constructor(options: WorldOptions = {}) {
    this.world = new World(options);
  }

  /** Requests, beside those for tickets, since this was asked the last time. */
  asked(): string[] {
    return this.world.server.asked.splice(0);
  }

  /** Renders the same once more. */
  rerender: () => void = () => undefined;

  async show(content: ReactNode, offline?: Offline): Promise<this> {
    const { client } = this.world;
    const provided = { client, offline, queryClient: this.queries };
    const whole = (): ReactNode =>
      createElement(StrictMode, null, createElement(OpenhouseProvider, provided, isValidElement(content) ? cloneElement(content) : content));
    await act(async () => {
      this.shown = render(whole());
      this.rerender = () => this.shown?.rerender(whole());
      await settle();
    });
    await frame();
    return this;
  }

  async connected(): Promise<this> {
    await act(async () => {
      await this.world.connected();
    });
    await frame();
    return this;
  }

  /** Time passes, and what has come is painted. */
  async later(seconds = 0): Promise<void> {
    await act(async () => {
      this.world.server.publish();
      await this.world.time.advance(seconds);
    });
    await frame();
  }

  get text(): string {
    return this.shown?.container.textContent ?? "";
  }
}
