// One call of the REST API, as the person who is signed in.

import type { Problem } from "../contract";
import { Refused } from "../session/issuer";
import type { Session } from "../session/session";

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface Call {
  query?: Query;
  body?: unknown;
  version?: number; // that the change is based on
  key?: string; // that a repeat is known by
  signal?: AbortSignal;
}

/** The API says no, or has failed. */
export class ApiProblem extends Error {
  override name = "ApiProblem";
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super(problem.detail ?? problem.title ?? `The server answers ${status}.`);
  }

  get code(): string {
    return this.problem.code ?? "";
  }
}

export class Unreachable extends Error {
  override name = "Unreachable";
}

export class Api {
  constructor(
    private readonly url: string,
    private readonly session: Session,
  ) {}

  get<T>(path: string, call: Call = {}): Promise<T> {
    return this.call<T>("GET", path, call);
  }

  /** Throws ApiProblem, Unreachable or, of a session that is over, Refused. */
  async call<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const token = await this.session.token();
    const response = await this.#send(method, path, call, token);
    if (response.status !== 401) return this.#answer<T>(response);
    const again = await this.#send(method, path, call, await this.session.renew(token));
    if (again.status === 401) {
      await this.session.expire();
      throw new Refused("Your session has ended.", "signed_out");
    }
    return this.#answer<T>(again);
  }

  async #send(method: string, path: string, call: Call, token: string): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
    if (call.body !== undefined) headers["Content-Type"] = "application/json";
    if (call.version !== undefined) headers["If-Match"] = `"${call.version}"`;
    if (call.key !== undefined) headers["Idempotency-Key"] = call.key;
    try {
      return await fetch(this.url + path + queryText(call.query ?? {}), {
        method,
        headers,
        credentials: "omit",
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        ...(call.signal ? { signal: call.signal } : {}),
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new Unreachable("The server cannot be reached.", { cause: error });
    }
  }

  async #answer<T>(response: Response): Promise<T> {
    if (response.status === 204) return undefined as T;
    const document = (await response.json().catch(() => ({}))) as unknown;
    if (response.ok) return document as T;
    throw new ApiProblem(response.status, document as Partial<Problem>);
  }
}

function queryText(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}
