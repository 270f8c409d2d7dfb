/** The environment as browsers have it. What one lacks is left out, and the client does without. */

import type { Channel, Environment, RequestLock, Socket } from "./environment.js";

export function browser(): Environment {
  return {
    now: () => Date.now(),
    performance: () => performance.now(),
    setTimeout: (call, milliseconds) => setTimeout(call, milliseconds),
    clearTimeout: (timer) => clearTimeout(timer as number),
    random: () => Math.random(),
    uuid,
    fetch: (url, request) => fetch(url, request),
    socket: (url) => new WebSocket(url) as Socket,
    visible: () => document.visibilityState === "visible",
    online: () => navigator.onLine,
    onWake: (wake) => listening(wake, "visible", "online", "focus", "pageshow"), // also out of the back-forward cache
    onLeave: (leave) => listening(leave, "hidden", "pagehide"),
    // Both are missing on plain http from another machine, locks also in private windows of some browsers.
    lock: "locks" in navigator ? lock : undefined,
    channel: typeof BroadcastChannel === "function" ? (name) => new BroadcastChannel(name) as Channel : undefined,
    report: (error) => reportError(error),
  };
}

/** `crypto.randomUUID` is missing on plain http from another machine. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const lock: RequestLock = async (name, options, work) => {
  await navigator.locks.request(name, options, async (held) => work(held !== null));
};

/** Calls when the page begins to be `state`, and at these events of its window. Returns how to stop. */
function listening(call: () => void, state: DocumentVisibilityState, ...names: readonly string[]): () => void {
  const life = new AbortController();
  const changed = (): void => {
    if (document.visibilityState === state) call();
  };
  document.addEventListener("visibilitychange", changed, life);
  for (const name of names) window.addEventListener(name, call, life);
  return () => life.abort();
}
