// The workers of the app: the one with which it starts without a network (worker/sw.js), and the one that ticks while the
// page is hidden.

import tickAddress from "@openhouse/client/tick-worker?worker&url";

const ADDRESS = "/sw.js";
const SOON = 2_000;

interface Policy {
  createScriptURL(address: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

let policy: Policy | undefined;

/** Once there is something to see, as it loads all of the app. */
export function startWorker(): void {
  setTimeout(() => {
    // There is none on plain http, unless it is this machine; and in some private windows it is refused.
    void navigator.serviceWorker?.register(trusted(ADDRESS)).catch(() => undefined);
  }, SOON);
}

/** Browsers do not slow its timers down. */
export function tickWorker(): Worker {
  return new Worker(trusted(tickAddress), { type: "module" });
}

/** The policy of the page lets no other address be loaded as a script by name. */
function trusted(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy("openhouse-worker", {
    createScriptURL: (wanted) => (wanted === tickAddress ? tickAddress : ADDRESS),
  });
  return policy?.createScriptURL(address) ?? address;
}
