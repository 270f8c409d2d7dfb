/** Bearer tokens: who gets one when it is needed, and never uses one that has ended. One renewal at a time. */

import type { Clock } from "./clock.js";
import type { Environment } from "./environment.js";

const MARGIN = 60_000;
const PATIENCE = 10_000; // with another tab that is getting a token

/**
 * An ID token that is good for a while. `previous`: what was given before, which has ended or was refused. Called by one
 * tab at a time. Rejects with a ClientError: `retryable: false` if the person has to sign in again.
 */
export type TokenSource = (previous: string | undefined) => Promise<string>;

/** Where the tabs of a browser find the token that one of them got. */
export interface TokenVault {
  read(): string | null;
  write(token: string): void;
}

export interface TokenOptions {
  readonly source: TokenSource;
  readonly vault: TokenVault | undefined;
  readonly lockName: string;
  readonly clock: Clock;
  readonly environment: Pick<Environment, "now" | "lock">;
}

export class Tokens {
  readonly #options: TokenOptions;
  #token: string | undefined;
  #ends = 0; // on the clock that no person sets
  #renewing: Promise<string> | undefined;

  constructor(options: TokenOptions) {
    this.#options = options;
  }

  /** `fresh`: not the one given last. */
  async get(fresh = false): Promise<string> {
    if (this.#token !== undefined && !fresh && !this.#endsSoon()) return this.#token;
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #renew(): Promise<string> {
    const { environment, lockName } = this.#options;
    let taken: Promise<string> | undefined;
    await environment.lock?.(lockName, { signal: AbortSignal.timeout(PATIENCE) }, async () => {
      await (taken = this.#take());
    }).catch(() => undefined); // whoever has it is frozen; or this is told below
    return taken ?? this.#take();
  }

  /** What another tab has got meanwhile, if it is somebody's who is still here; else a new one. */
  async #take(): Promise<string> {
    const { source, vault } = this.#options;
    const kept = vault?.read() ?? undefined;
    if (kept !== undefined && kept !== this.#token) {
      const isOurs = this.#token === undefined || claims(kept).sub === claims(this.#token).sub;
      if (isOurs && this.#keep(kept) > MARGIN) return kept;
    }
    const token = await source(this.#token ?? kept);
    this.#keep(token);
    vault?.write(token);
    return token;
  }

  /** Returns the milliseconds that it lasts. */
  #keep(token: string): number {
    const { clock, environment } = this.#options;
    const { iat, exp } = claims(token);
    let lasts = Infinity; // of what cannot be read, the server will say when it has ended
    if (typeof iat === "number" && typeof exp === "number") {
      // This machine's time of day may be wrong, but what it shortens is only asked for a little early.
      const left = exp * 1_000 - environment.now();
      lasts = (exp - iat) * 1_000;
      if (left > MARGIN && left < lasts) lasts = left;
    }
    this.#token = token;
    this.#ends = clock.elapsed() + lasts;
    return lasts;
  }

  #endsSoon(): boolean {
    return this.#ends - this.#options.clock.elapsed() <= MARGIN;
  }
}

/** What a JSON Web Token says of itself. Nothing here trusts it: the server does the verifying. */
function claims(token: string): { readonly iat?: unknown; readonly exp?: unknown; readonly sub?: unknown } {
  try {
    return JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"))) as object;
  } catch {
    return {};
  }
}
