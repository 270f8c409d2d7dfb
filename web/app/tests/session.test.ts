import { describe, expect, it } from "vitest";
import { cognito } from "../src/session/cognito";
import { type Issuer, Refused, type Tokens, tokensOf } from "../src/session/issuer";
import { Session } from "../src/session/session";
import { memoryVault, type Vault } from "../src/session/vault";

const HOUR = 3_600_000;

/** A browser: what its tabs share. */
function browser(issuer: Partial<Issuer>) {
  let now = 1_000_000;
  const vault: Vault = memoryVault();
  let tail: Promise<unknown> = Promise.resolve();
  const locks = {
    request: (_name: string, work: () => Promise<unknown>) => {
      const done = tail.then(work);
      tail = done.catch(() => undefined);
      return done;
    },
  } as unknown as LockManager;
  const whole: Issuer = {
    signIn: async () => Promise.reject(new Error("not here")),
    renew: async () => Promise.reject(new Error("not here")),
    signOut: async () => undefined,
    ...issuer,
  };
  const listeners: ((event: { data: unknown }) => void)[] = [];
  return {
    vault,
    clock: () => now,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    tab: () => {
      const own: typeof listeners = [];
      const channel = {
        postMessage: (data: unknown) => {
          for (const listener of listeners) if (!own.includes(listener)) listener({ data });
        },
        addEventListener: (_type: string, listener: (event: { data: unknown }) => void) => {
          own.push(listener);
          listeners.push(listener);
        },
      } as unknown as BroadcastChannel;
      return new Session(whole, vault, { clock: () => now, locks, channel });
    },
  };
}

const tokens = (bearer: string, now: number, refresh = `after-${bearer}`): Tokens => ({
  bearer,
  expiresAt: now + HOUR,
  refresh,
  person: { id: "u-1", email: "ava@demo.test", name: "Ava" },
});

describe("a session", () => {
  it("is renewed once for all tabs, each with the refresh token that the renewal before has left", async () => {
    const spent: (string | undefined)[] = [];
    const here = browser({
      renew: async (held) => {
        if (spent.includes(held.refresh)) throw new Refused("used twice", "NotAuthorizedException");
        spent.push(held.refresh);
        return tokens(`t${spent.length + 1}`, here.clock());
      },
    });
    const [first, second] = [here.tab(), here.tab()];
    await first.begin(tokens("t1", here.clock()), true);
    await second.start();
    here.pass(HOUR);
    expect(await Promise.all([first.token(), first.token(), second.token()])).toEqual(["t2", "t2", "t2"]);
    here.pass(HOUR);
    expect(await second.token()).toBe("t3");
    expect(spent).toEqual(["after-t1", "after-t2"]);
  });

  it("is renewed a minute before its end, and not sooner", async () => {
    const here = browser({ renew: async () => tokens("t2", here.clock()) });
    const tab = here.tab();
    await tab.begin(tokens("t1", here.clock()), true);
    here.pass(HOUR - 61_000);
    expect(await tab.token()).toBe("t1");
    here.pass(2_000);
    expect(await tab.token()).toBe("t2");
  });

  it("ends when the issuer refuses to renew it, and not when the issuer cannot be reached", async () => {
    let answer: Error = new TypeError("Failed to fetch");
    const here = browser({ renew: async () => Promise.reject(answer) });
    const tab = here.tab();
    await tab.begin(tokens("t1", here.clock()), true);
    here.pass(HOUR);
    await expect(tab.token()).rejects.toThrow("Failed to fetch");
    expect(tab.state.kind).toBe("in");
    answer = new Refused("Your session has ended.", "NotAuthorizedException");
    await expect(tab.token()).rejects.toThrow("ended");
    expect(tab.state).toEqual({ kind: "out", why: "ended" });
    expect(await here.vault.read()).toBeUndefined();
  });

  it("is taken up without a network, however old its token is, and renewed once there is one", async () => {
    let isOnline = false;
    const here = browser({
      renew: async () => (isOnline ? tokens("t2", here.clock()) : Promise.reject(new TypeError("Failed to fetch"))),
    });
    await here.tab().begin(tokens("t1", here.clock()), true);
    here.pass(30 * HOUR);
    const tab = here.tab();
    await tab.start();
    await expect(tab.token()).rejects.toThrow("Failed to fetch");
    expect(tab.state).toMatchObject({ kind: "in", person: { name: "Ava" } });
    isOnline = true;
    expect(await tab.token()).toBe("t2");
  });

  it("is renewed when the API has refused its token, unless another tab has done so already", async () => {
    let renewals = 0;
    const here = browser({ renew: async () => tokens(`t${++renewals + 1}`, here.clock()) });
    const [first, second] = [here.tab(), here.tab()];
    await first.begin(tokens("t1", here.clock()), true);
    await second.start();
    expect(await first.renew("t1")).toBe("t2");
    expect(await second.renew("t1")).toBe("t2");
    expect(renewals).toBe(1);
  });

  it("is not brought back by a renewal that was under way when somebody signed out", async () => {
    let answer: (found: Tokens) => void = () => undefined;
    const here = browser({
      renew: async () =>
        new Promise<Tokens>((resolve) => {
          answer = resolve;
        }),
    });
    const [first, second] = [here.tab(), here.tab()];
    await first.begin(tokens("t1", here.clock()), true);
    await second.start();
    here.pass(HOUR);
    const renewal = first.token();
    await new Promise((resolve) => setTimeout(resolve));
    const out = second.signOut();
    answer(tokens("t2", here.clock()));
    await Promise.all([renewal, out]);
    expect(await here.vault.read()).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve));
    expect([first.state.kind, second.state.kind]).toEqual(["out", "out"]);
  });

  it("says in each tab whether somebody has signed out, here or elsewhere, or whether it has ended by itself", async () => {
    const here = browser({ renew: async () => Promise.reject(new Refused("over", "NotAuthorizedException")) });
    const [first, second] = [here.tab(), here.tab()];
    const both = async () => {
      await new Promise((resolve) => setTimeout(resolve));
      return [first.state, second.state];
    };
    await first.begin(tokens("t1", here.clock()), true);
    await both();
    await first.signOut();
    expect(await both()).toEqual([{ kind: "out", why: "here" }, { kind: "out", why: "elsewhere" }]);
    await first.begin(tokens("t1", here.clock()), true);
    await both();
    await expect(first.renew("t1")).rejects.toThrow("over");
    expect(await both()).toEqual([{ kind: "out", why: "ended" }, { kind: "out", why: "ended" }]);
  });

  it("becomes another person's in all tabs when they sign in", async () => {
    const here = browser({});
    const [first, second] = [here.tab(), here.tab()];
    await first.begin(tokens("t1", here.clock()), true);
    await second.begin({ ...tokens("t9", here.clock()), person: { id: "u-2", email: "", name: "Ben" } }, true);
    await new Promise((resolve) => setTimeout(resolve));
    expect(first.state).toMatchObject({ kind: "in", person: { name: "Ben" } });
    expect(await first.token()).toBe("t9");
  });

  it("takes an HS256 backend of somebody else's by one function", async () => {
    const backend = (clock: () => number): Issuer => ({
      signIn: async () => ({ kind: "done", tokens: tokensOf(jwt({ sub: "7", exp: 900, iat: 0, name: "Zoë" }), clock()) }),
      renew: async () => Promise.reject(new Refused("Sign in again.", "over")),
      signOut: async () => undefined,
    });
    const here = browser({});
    const tab = new Session(backend(here.clock), here.vault, { clock: here.clock, locks: undefined, channel: undefined });
    const step = await tab.issuer.signIn("zoe@example.com", "secret");
    if (step.kind !== "done") throw new Error("no tokens");
    await tab.begin(step.tokens, true);
    expect(tab.state).toMatchObject({ kind: "in", person: { id: "7", name: "Zoë" } });
    here.pass(900_000);
    await expect(tab.token()).rejects.toThrow("Sign in again.");
  });
});

describe("cognito", () => {
  const config = { cognitoUrl: "https://idp.example", clientId: "c" } as Parameters<typeof cognito>[0];

  async function refusal(action: "signIn" | "renew", answer: object, status = 400): Promise<unknown> {
    const before = globalThis.fetch;
    globalThis.fetch = async () => Response.json(answer, { status });
    try {
      const issuer = cognito(config, () => 0);
      const call = action === "signIn" ? issuer.signIn("a@b.c", "x") : issuer.renew(tokens("t", 0));
      return await call.catch((error: unknown) => error);
    } finally {
      globalThis.fetch = before;
    }
  }

  it("says what a refusal means where it happens", async () => {
    const no = { __type: "NotAuthorizedException", message: "Incorrect username or password." };
    expect(await refusal("signIn", no)).toMatchObject({ message: expect.stringContaining("do not belong together") });
    expect(await refusal("renew", no)).toMatchObject({ message: "Your session has ended. Sign in again." });
    const often = { __type: "NotAuthorizedException", message: "Password attempts exceeded" };
    expect(await refusal("signIn", often)).toMatchObject({ message: expect.stringContaining("Too many tries") });
    const odd = { ChallengeName: "SELECT_MFA_TYPE", Session: "s" };
    expect(await refusal("signIn", odd, 200)).toBeInstanceOf(Refused);
  });

  it("takes a failure for one, not for a refusal", async () => {
    expect(await refusal("renew", {}, 503)).not.toBeInstanceOf(Refused);
    const busy = { __type: "TooManyRequestsException", message: "Too many requests" };
    expect(await refusal("renew", busy)).not.toBeInstanceOf(Refused); // the session is as good as it was
    expect(await refusal("signIn", busy)).toBeInstanceOf(Refused);
  });
});

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "HS256" })}.${part(claims)}.signature`;
}
