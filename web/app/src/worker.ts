// The worker with which the app starts without a network (worker/sw.js).

const ADDRESS = "/sw.js";
const SOON = 2_000;

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(address: string): string };
}

/** Once there is something to see, as it loads all of the app. */
export function startWorker(): void {
  setTimeout(() => {
    // There is none on plain http, unless it is this machine; and in some private windows it is refused.
    void navigator.serviceWorker?.register(trusted()).catch(() => undefined);
  }, SOON);
}

/** The policy of the page lets no other address be loaded as a script by name. */
function trusted(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy("openhouse-worker", { createScriptURL: () => ADDRESS });
  return policy?.createScriptURL(ADDRESS) ?? ADDRESS;
}
