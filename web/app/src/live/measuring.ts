// What this browser measures of the product, for whoever operates it: how long commits take to the screen, how often the
// connection is lost, and what no screen has handled. Of a sample of all visits, told once a minute. No ids, no texts.

import type { Client } from "@openhouse/client";

export const EVERY = 60_000;
const MOST_SAMPLES = 99; // as the server takes them
/** A clock that says more, or less than nothing, is wrong. */
const LONGEST = 60_000;

interface Report {
  commitToScreen: number[];
  reconnects: number;
  errors: number;
}

/** What a page has beside the client; tests give their own. */
export interface Page {
  now(): number;
  /** Calls once the next frame is painted. */
  painted(call: () => void): void;
  every(milliseconds: number, call: () => void): () => void;
  visible(): boolean;
  /** Calls of what nobody has caught. Returns how to stop that. */
  onError(call: () => void): () => void;
}

type Measured = Pick<Client, "on" | "onState" | "state"> & { readonly rest: Pick<Client["rest"], "send"> };

/** `speaks`: whether this tab tells for all tabs. Returns how to stop. */
export function measure(client: Measured, speaks: () => boolean, page: Page = browserPage): () => void {
  let report = empty();
  let last = "";
  const stops = [
    client.on("*", (_event, commit) => {
      // An event of a commit that was counted, a hint, or what was missed and comes late.
      if (!commit || commit.id === last || client.state.status !== "connected") return;
      last = commit.id;
      if (!speaks() || !page.visible() || report.commitToScreen.length >= MOST_SAMPLES) return;
      const { commitToScreen } = report;
      const at = Date.parse(commit.at);
      page.painted(() => {
        const took = Math.round(page.now() - at);
        if (took >= 0 && took <= LONGEST) commitToScreen.push(took);
      });
    }),
    client.onState(({ status }) => {
      if (status === "reconnecting" && speaks()) report.reconnects += 1;
    }),
    page.onError(() => (report.errors += 1)),
    page.every(EVERY, () => {
      const told = report;
      report = empty();
      if (told.commitToScreen.length + told.reconnects + told.errors === 0) return;
      const body = { ...told, reconnects: Math.min(told.reconnects, 1_000), errors: Math.min(told.errors, 1_000) };
      // What is refused or lost is one minute of a sample.
      void client.rest.send("POST", "/metrics", { body }).catch(() => undefined);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

const empty = (): Report => ({ commitToScreen: [], reconnects: 0, errors: 0 });

const browserPage: Page = {
  now: () => Date.now(),
  painted: (call) => requestAnimationFrame(() => setTimeout(call)),
  every: (milliseconds, call) => {
    const timer = setInterval(call, milliseconds);
    return () => clearInterval(timer);
  },
  visible: () => document.visibilityState === "visible",
  onError: (call) => {
    const life = new AbortController();
    for (const name of ["error", "unhandledrejection"]) window.addEventListener(name, call, life);
    return () => life.abort();
  },
};
