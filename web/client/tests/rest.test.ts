/** REST: what goes out, what comes back, and what went wrong. */

import { describe, expect, test } from "vitest";
import { Clock } from "../src/clock.js";
import { ClientError, Problem } from "../src/errors.js";
import { Rest } from "../src/rest.js";
import { Tokens } from "../src/tokens.js";
import { FakeTime } from "./support/time.js";

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

function world(...answers: (Response | Error)[]): { rest: Rest; sent: Sent[]; time: FakeTime; tokens: () => number } {
  const time = new FakeTime();
  const clock = new Clock(time);
  const sent: Sent[] = [];
  let count = 0;
  const source = async (): Promise<string> => `t${++count}`;
  const tokens = new Tokens({ source, vault: undefined, lockName: "", clock, environment: { now: () => time.now(), lock: undefined } });
  const fetch = async (url: string, { method = "", headers, body, signal }: RequestInit): Promise<Response> => {
    sent.push({ method, url, headers: Object.fromEntries(new Headers(headers)), body });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return (
      answer ?? new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new Error("no"))))
    );
  };
  return { rest: new Rest("https://api/", tokens, clock, { fetch }), sent, time, tokens: () => count };
}

const json = (status: number, content: object | string, headers = {}): Response =>
  new Response(typeof content === "string" ? content : JSON.stringify(content), { status, headers });

describe("a call", () => {
  test("names its token, its conditions and its key", async () => {
    const { rest, sent } = world(json(200, { id: "a/b" }));
    await rest.patch("escrow", "a/b", { city: "Davis" }, { version: 7, idempotencyKey: "k" });
    expect(sent).toEqual([
      {
        method: "PATCH",
        url: "https://api/escrows/a%2Fb",
        headers: {
          authorization: "Bearer t1",
          "content-type": "application/json",
          "if-match": '"7"',
          "idempotency-key": "k",
        },
        body: '{"city":"Davis"}',
      },
    ]);
  });

  test("says its filters in the query, several of a kind with commas", async () => {
    const { rest, sent } = world(json(200, { items: [], positions: {} }));
    await rest.list("escrow", { status: ["opened", "pending"], q: "12 Harbor & Sons", limit: 10 });
    expect(sent[0]?.url).toBe("https://api/escrows?status=opened%2Cpending&q=12+Harbor+%26+Sons&limit=10");
  });

  test("of a verb goes to that verb", async () => {
    const { rest, sent } = world(json(200, {}), json(200, {}), new Response(null, { status: 204 }));
    await rest.act("escrow", "e1", "archive", undefined, { idempotencyKey: "k" });
    await rest.act("lead", "l1", "convert", {});
    await rest.delete("escrow", "e1");
    expect(sent.map(({ method, url }) => `${method} ${url.slice(11)}`)).toEqual([
      "POST /escrows/e1/archive",
      "POST /leads/l1/convert",
      "DELETE /escrows/e1",
    ]);
    // @ts-expect-error escrows are not converted
    const never = (): unknown => rest.act("escrow", "e1", "convert");
    expect(never).toBeTypeOf("function");
  });

  test("is sent once more with a fresh token if the first had ended", async () => {
    const { rest, sent } = world(json(401, { code: "token_expired" }), json(200, { id: "e1" }));
    await rest.read("escrow", "e1");
    expect(sent.map(({ headers }) => headers.authorization)).toEqual(["Bearer t1", "Bearer t2"]);
  });

  test("that was refused says why, whether to retry, when, and what else the server adds", async () => {
    const refusal = {
      status: 412,
      code: "stale_version",
      detail: "it is at 8",
      retryable: false,
      current: { id: "e1" },
    };
    const { rest } = world(
      json(412, refusal),
      json(503, { code: "busy", detail: "no", retryable: true }, { "retry-after": "3" }),
    );
    const stale = await rest.read("escrow", "e1").catch((error: unknown) => error);
    expect(stale).toBeInstanceOf(Problem);
    expect(stale).toMatchObject({ status: 412, code: "stale_version", message: "it is at 8", retryable: false });
    expect((stale as Problem).content).toMatchObject({ current: { id: "e1" } });
    await expect(rest.read("escrow", "e1")).rejects.toMatchObject({ code: "busy", retryable: true, retryAfter: 3_000 });
  });

  test.each([
    [403, '{"message": "Forbidden"}', "unauthenticated", false],
    [404, '{"message": "Not Found"}', "http_404", false],
    [429, '{"message": "Too Many Requests"}', "http_429", true],
    [502, "<html>", "http_502", true],
  ])("that a gateway refused with %d is a problem, too", async (status, text, code, retryable) => {
    const { rest } = world(json(status, text));
    await expect(rest.read("escrow", "e1")).rejects.toMatchObject({ status, code, retryable });
  });

  test("without an answer may be tried again", async () => {
    const { rest, time } = world(new TypeError("fetch failed"));
    await expect(rest.read("escrow", "e1")).rejects.toMatchObject({ code: "unreachable", retryable: true });
    const late = expect(rest.read("escrow", "e1")).rejects.toMatchObject({ code: "timed_out", retryable: true });
    await time.advance(31);
    await late;
    expect(time.timers).toBe(0);
  });

  test("with an answer that is not as agreed is refused", async () => {
    const { rest } = world(json(200, "[]"), json(200, "<html>"));
    await expect(rest.read("escrow", "e1")).rejects.toMatchObject({ code: "protocol" });
    await expect(rest.read("escrow", "e1")).rejects.toBeInstanceOf(ClientError);
  });

  test("can be called off", async () => {
    const { rest, time } = world();
    const controller = new AbortController();
    const listing = expect(rest.list("escrow", {}, controller.signal)).rejects.toThrow("enough");
    await time.advance(1);
    controller.abort(new Error("enough"));
    await listing;
    expect(time.timers).toBe(0);
  });
});
