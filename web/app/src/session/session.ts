// Who is signed in in this browser: one session for all its tabs, renewed by one of them at a time.

import { type Issuer, type Person, Refused, type Tokens } from "./issuer";
import type { Kept, Vault } from "./vault";

/** `ended`: it was over before anybody wanted that, so the same person shall find what they have left. */
export type Why = "nobody" | "here" | "elsewhere" | "ended";

export type SessionState = { kind: "starting" } | { kind: "out"; why: Why } | { kind: "in"; person: Person };

const LOCK = "openhouse-session";
const EARLY = 60_000; // a token is renewed so long before its end

export interface Surroundings {
  clock: () => number;
  locks: Pick<LockManager, "request"> | undefined; // missing on plain http: then each tab renews by itself
  channel: Pick<BroadcastChannel, "postMessage" | "addEventListener"> | undefined;
}

export function thisBrowser(): Surroundings {
  return {
    clock: Date.now,
    locks: navigator.locks,
    channel: typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(LOCK),
  };
}

export class Session {
  #state: SessionState = { kind: "starting" };
  #held: Tokens | undefined;
  #renewal: Promise<string> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly issuer: Issuer,
    private readonly vault: Vault,
    private readonly around: Surroundings,
  ) {
    around.channel?.addEventListener("message", ({ data }) => void this.#take(data === "ended" ? "ended" : "elsewhere"));
  }

  get state(): SessionState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): SessionState => this.#state;

  /** Takes up what this browser has kept. */
  async start(): Promise<void> {
    await this.#take("nobody");
  }

  /** After a sign-in. */
  async begin(tokens: Tokens, stay: boolean): Promise<void> {
    await this.#alone(async () => {
      await this.vault.write({ tokens, stay });
    });
    this.#adopt(tokens);
    this.around.channel?.postMessage("changed");
  }

  /** A token that still lasts. Throws Refused if the session is over; any other error may be tried again. */
  async token(): Promise<string> {
    const held = this.#held;
    if (!held) throw new Refused("You are signed out.", "signed_out");
    if (this.#lasts(held)) return held.bearer;
    return this.renew();
  }

  /** The same when the API has refused the token that was used. */
  async renew(refused?: string): Promise<string> {
    this.#renewal ??= this.#alone(() => this.#renewed(refused)).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** Fresh tokens, for calls of the issuer's own API. */
  async tokens(): Promise<Tokens> {
    await this.token();
    if (!this.#held) throw new Refused("You are signed out.", "signed_out");
    return this.#held;
  }

  /** Forgets the session here at once, and lets the issuer revoke it, for good if it can be reached. */
  async signOut({ everywhere = false } = {}): Promise<void> {
    const kept = await this.#alone(async () => {
      const found = await this.vault.read();
      if (everywhere && found) await this.#endEverywhere(found);
      await this.vault.clear();
      return found;
    });
    this.#drop("here");
    this.around.channel?.postMessage("changed");
    if (kept && !everywhere) await this.issuer.signOut(kept.tokens).catch(() => undefined);
  }

  /** The API takes none of its tokens any more. */
  async expire(): Promise<void> {
    await this.#alone(() => this.vault.clear());
    this.#drop("ended");
    this.around.channel?.postMessage("ended");
  }

  /** Also when another tab says that it is another session now, or none. `why`: if there is none. */
  async #take(why: Why): Promise<void> {
    const kept = await this.vault.read();
    if (kept) this.#adopt(kept.tokens);
    else this.#drop(why);
  }

  async #endEverywhere(kept: Kept): Promise<void> {
    const tokens = this.#lasts(kept.tokens) ? kept.tokens : await this.issuer.renew(kept.tokens);
    await this.issuer.signOutEverywhere?.(tokens);
  }

  async #renewed(refused?: string): Promise<string> {
    const kept = await this.vault.read(); // another tab may have renewed it meanwhile, or signed out
    if (!kept) {
      this.#drop("ended");
      throw new Refused("You are signed out.", "signed_out");
    }
    if (this.#lasts(kept.tokens) && kept.tokens.bearer !== refused) {
      this.#adopt(kept.tokens);
      return kept.tokens.bearer;
    }
    try {
      const tokens = await this.issuer.renew(kept.tokens);
      await this.vault.write({ ...kept, tokens });
      this.#adopt(tokens);
      return tokens.bearer;
    } catch (error) {
      if (error instanceof Refused) {
        await this.vault.clear();
        this.#drop("ended");
        this.around.channel?.postMessage("ended");
      }
      throw error;
    }
  }

  #lasts(tokens: Tokens): boolean {
    return tokens.expiresAt - EARLY > this.around.clock();
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.around.locks ? this.around.locks.request(LOCK, work) : work();
  }

  #adopt(tokens: Tokens): void {
    this.#held = tokens;
    const before = this.#state;
    if (before.kind === "in" && before.person.id === tokens.person.id) return;
    this.#become({ kind: "in", person: tokens.person });
  }

  #drop(why: Why): void {
    this.#held = undefined;
    if (this.#state.kind !== "out") this.#become({ kind: "out", why });
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
