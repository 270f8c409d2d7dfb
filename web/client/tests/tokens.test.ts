/** One token serves until it is about to end, and one renewal serves all who need one, in all tabs. */

import { describe, expect, test } from "vitest";
import { Clock } from "../src/clock.js";
import type { RequestLock } from "../src/environment.js";
import { Tokens } from "../src/tokens.js";
import type { TokenVault } from "../src/tokens.js";
import { FakeTime, NINE, settle } from "./support/time.js";

const HOUR = 3_600;

function jwt(sub: string, iat: number, name = ""): string {
  const payload = btoa(JSON.stringify({ sub, iat, exp: iat + HOUR, name }));
  return `head.${payload.replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_")}.signature`;
}

/** A browser: tabs share a vault and locks, and one login service. */
class Login {
  readonly time = new FakeTime();
  asked: (string | undefined)[] = [];
  takes = 0;
  kept: string | null = null;
  #last: Promise<unknown> = Promise.resolve();

  readonly vault: TokenVault = { read: () => this.kept, write: (token) => (this.kept = token) };
  readonly lock: RequestLock = async (_name, _options, work) => {
    const mine = this.#last.then(() => work(true));
    this.#last = mine.catch(() => undefined);
    await mine;
  };

  tab(shared = true): Tokens {
    const source = async (previous: string | undefined): Promise<string> => {
      this.asked.push(previous);
      if (this.takes > 0) await this.time.wait(this.takes);
      return jwt("ava", Math.floor(this.time.truth() / 1_000), `é${this.asked.length}`);
    };
    const clock = new Clock(this.time);
    const environment = { now: () => this.time.now(), lock: shared ? this.lock : undefined };
    return new Tokens({ source, vault: shared ? this.vault : undefined, lockName: "l", clock, environment });
  }
}

describe("tokens", () => {
  test("serve until a minute before they end, on a clock that nobody sets", async () => {
    const login = new Login();
    login.time.wrong = 600_000;
    const tokens = login.tab();
    const first = await tokens.get();
    login.time.wrong = -600_000;
    await login.time.advance(HOUR - 661);
    expect(await tokens.get()).toBe(first);
    await login.time.advance(600);
    expect(await tokens.get()).not.toBe(first);
    expect(login.asked).toEqual([undefined, first]);
  });

  test("are renewed once for many who ask at the same time", async () => {
    const login = new Login();
    login.takes = 1;
    const tokens = login.tab(false);
    const asked = Promise.all([tokens.get(), tokens.get(), tokens.get(true)]);
    await login.time.advance(1);
    expect(new Set(await asked).size).toBe(1);
    expect(login.asked.length).toBe(1);
  });

  test("are renewed by one tab for all", async () => {
    const login = new Login();
    login.takes = 1;
    const tabs = [login.tab(), login.tab(), login.tab()];
    const first = Promise.all(tabs.map((tab) => tab.get()));
    await login.time.advance(1);
    expect(new Set(await first).size).toBe(1);
    await login.time.advance(HOUR);
    const second = Promise.all(tabs.map((tab) => tab.get(true)));
    await login.time.advance(1);
    expect(new Set(await second).size).toBe(1);
    expect(login.asked.length).toBe(2);
  });

  test("are not waited for from a tab that is frozen in the middle of it", async () => {
    const login = new Login();
    const frozen: RequestLock = async (_name, { signal }) =>
      new Promise((_resolve, reject) => {
        expect(signal).toBeInstanceOf(AbortSignal);
        reject(new Error("as if it were aborted"));
      });
    const { vault, time } = login;
    const source = async (): Promise<string> => "token";
    const tokens = new Tokens({
      source,
      vault,
      lockName: "l",
      clock: new Clock(time),
      environment: { now: () => time.now(), lock: frozen },
    });
    expect(await tokens.get()).toBe("token");
  });

  test("of somebody else who signed in in another tab are not taken", async () => {
    const login = new Login();
    const tokens = login.tab();
    const first = await tokens.get();
    login.kept = jwt("ben", NINE / 1_000);
    await login.time.advance(HOUR);
    await settle();
    expect(await tokens.get()).not.toBe(login.asked.at(-1));
    expect(login.asked).toEqual([undefined, first]);
  });

  test("whose end cannot be read serve until they are refused", async () => {
    const login = new Login();
    let count = 0;
    const tokens = new Tokens({
      source: async () => `opaque-${++count}`,
      vault: undefined,
      lockName: "",
      clock: new Clock(login.time),
      environment: { now: () => login.time.now(), lock: undefined },
    });
    expect(await tokens.get()).toBe("opaque-1");
    await login.time.advance(10 * HOUR);
    expect(await tokens.get()).toBe("opaque-1");
    expect(await tokens.get(true)).toBe("opaque-2");
  });

  test("that cannot be had now are asked for again the next time", async () => {
    const login = new Login();
    let fails = true;
    const tokens = new Tokens({
      source: async () => {
        if (fails) throw new Error("away");
        return "token";
      },
      vault: undefined,
      lockName: "",
      clock: new Clock(login.time),
      environment: { now: () => login.time.now(), lock: undefined },
    });
    await expect(tokens.get()).rejects.toThrow("away");
    fails = false;
    expect(await tokens.get()).toBe("token");
  });
});
