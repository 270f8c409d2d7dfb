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
    onWake,
    onLeave,
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

function onWake(wake: () => void): () => void {
  const seen = (): void => {
    if (document.visibilityState === "visible") wake();
  };
  return listening([
    [window, "online", wake],
    [window, "focus", wake],
    [window, "pageshow", wake], // also out of the back-forward cache
    [document, "visibilitychange", seen],
  ]);
}

function onLeave(leave: () => void): () => void {
  const unseen = (): void => {
    if (document.visibilityState === "hidden") leave();
  };
  return listening([
    [window, "pagehide", leave],
    [document, "visibilitychange", unseen],
  ]);
}

function listening(pairs: readonly (readonly [EventTarget, string, () => void])[]): () => void {
  const life = new AbortController();
  for (const [target, name, listener] of pairs) target.addEventListener(name, listener, life);
  return () => life.abort();
}
