/** The REST API. Nothing is tried twice here, but for a token that had ended. */

import type { Clock } from "./clock.js";
import type { BulkAnswer } from "./contract.js";
import type { Environment } from "./environment.js";
import { ClientError, Problem, protocolError } from "./errors.js";
import { paths } from "./fields.js";
import { isDocument } from "./merge-patch.js";
import type { Document } from "./merge-patch.js";
import type { Tokens } from "./tokens.js";
import type {
  ActArguments,
  ActedOf,
  AnswerOf,
  BulkOf,
  HistoryOf,
  HistoryQuery,
  NewOf,
  Noun,
  PageOf,
  PatchOf,
  QueryOf,
  StatsOf,
  VerbOf,
} from "./types.js";

const ANSWER_WITHIN = 30_000; // API Gateway gives up after 30 s

export interface Request {
  readonly query?: object | undefined;
  readonly body?: object | undefined;
  /** Refuse with 412 if the record has another version by now. */
  readonly version?: number | undefined;
  /** Under which a write is done once, however often it is sent. */
  readonly idempotencyKey?: string | undefined;
  /** Of the edit lock under which a record is saved; 0: of none. Without it, that of the lock which this tab holds. */
  readonly lockToken?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export class Rest {
  /** Of each module, by its noun. */
  readonly paths: Readonly<Record<Noun, string>> = paths;
  /** The token to send along, if somebody keeps locks: of the one that was given, and of the path. */
  lockToken: (given: number | undefined, method: string, path: string) => number | undefined = (given) => given;
  readonly #base: string;
  readonly #tokens: Tokens;
  readonly #clock: Clock;
  readonly #environment: Pick<Environment, "fetch">;

  constructor(base: string, tokens: Tokens, clock: Clock, environment: Pick<Environment, "fetch">) {
    this.#base = base.replace(/\/+$/, "");
    this.#tokens = tokens;
    this.#clock = clock;
    this.#environment = environment;
  }

  async list<N extends Noun>(noun: N, query?: QueryOf<N>, signal?: AbortSignal): Promise<PageOf<N>> {
    return this.#of(noun, "GET", "", { query, signal });
  }

  async stats<N extends Noun>(noun: N, signal?: AbortSignal): Promise<StatsOf<N>> {
    return this.#of(noun, "GET", "/stats", { signal });
  }

  async read<N extends Noun>(noun: N, id: string, signal?: AbortSignal): Promise<AnswerOf<N>> {
    return this.#of(noun, "GET", one(id), { signal });
  }

  async history<N extends Noun>(noun: N, id: string, query?: HistoryQuery): Promise<HistoryOf<N>> {
    return this.#of(noun, "GET", one(id, "history"), { query });
  }

  async create<N extends Noun>(noun: N, body: NewOf<N>, request?: Request): Promise<AnswerOf<N>> {
    return this.#of(noun, "POST", "", { ...request, body });
  }

  async bulk<N extends Noun>(noun: N, body: BulkOf<N>, request?: Request): Promise<BulkAnswer> {
    return this.#of(noun, "POST", "/bulk", { ...request, body });
  }

  /** `body`: a merge patch. */
  async patch<N extends Noun>(noun: N, id: string, body: PatchOf<N>, request?: Request): Promise<AnswerOf<N>> {
    return this.#of(noun, "PATCH", one(id), { ...request, body });
  }

  async delete(noun: Noun, id: string, request?: Request): Promise<void> {
    await this.#of(noun, "DELETE", one(id), request);
  }

  /** `archive`, `restore`, `recover`, `reopen`, or, of a lead, `convert`, which answers both records by their nouns. */
  async act<N extends Noun, V extends VerbOf<N>>(
    noun: N,
    id: string,
    verb: V,
    ...[body, request]: ActArguments<N, V>
  ): Promise<ActedOf<N, V>> {
    return this.#of(noun, "POST", one(id, verb), { ...request, body });
  }

  /** Gets a token that was not used yet; the next requests go out with it. */
  async freshToken(): Promise<void> {
    await this.#tokens.get(true);
  }

  /** Any call. Rejects with a Problem, with `unreachable`, with `timed_out`, or as the token's source does. */
  async send(method: string, path: string, request: Request = {}): Promise<Document> {
    let [response, text] = await this.#send(method, path, request, false);
    if (response.status === 401) [response, text] = await this.#send(method, path, request, true);
    let content: unknown;
    try {
      content = text ? JSON.parse(text) : {};
    } catch {
      content = undefined;
    }
    if (!response.ok) throw problem(response, isDocument(content) ? content : {});
    if (!isDocument(content)) throw protocolError(`the answer to ${method} ${path} is no JSON object`);
    return content;
  }

  async #of<Answer>(noun: Noun, method: string, path: string, request?: Request): Promise<Answer> {
    return (await this.send(method, `/${this.paths[noun]}${path}`, request)) as unknown as Answer;
  }

  async #send(method: string, path: string, request: Request, fresh: boolean): Promise<[Response, string]> {
    const { query, body, version, idempotencyKey, signal } = request;
    const lockToken = this.lockToken(request.lockToken, method, path);
    const token = await this.#tokens.get(fresh);
    signal?.throwIfAborted();
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (body) headers["content-type"] = "application/json";
    if (version !== undefined) headers["if-match"] = `"${version}"`;
    if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
    if (lockToken) headers["lock-token"] = String(lockToken);
    const late = new AbortController();
    const stop = this.#clock.after(ANSWER_WITHIN, () => late.abort(), { patient: true });
    try {
      const response = await this.#environment.fetch(this.#base + path + search(query), {
        method,
        headers,
        credentials: "omit",
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
        ...(body && { body: JSON.stringify(body) }),
      });
      return [response, await response.text()];
    } catch {
      signal?.throwIfAborted();
      if (late.signal.aborted) throw new ClientError("timed_out", `no answer to ${method} ${path} within 30 s`);
      throw new ClientError("unreachable", "the server could not be reached");
    } finally {
      stop();
    }
  }
}

function one(...parts: string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join("");
}

function search(query: object = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.append(name, String(value));
  const text = given.toString();
  return text && `?${text}`;
}

/** What an answer of 400 and above says; also of those that are not ours but a gateway's. */
function problem(response: Response, content: Document): Problem {
  const { status } = response;
  const { code, detail, message, retryable, ...rest } = content;
  const words = [detail, message].find((text) => typeof text === "string");
  const wait = response.headers.get("retry-after") ?? "";
  const patience = {
    retryable: typeof retryable === "boolean" ? retryable : status === 429 || status >= 500,
    // Its other form, a date, is not worth trusting our clock for.
    retryAfter: /^\d+$/.test(wait) ? Number(wait) * 1_000 : 0,
  };
  if (typeof code === "string") return new Problem(status, code, words ?? code, patience, rest);
  if (message !== undefined && (status === 401 || status === 403)) {
    return new Problem(status, "unauthenticated", "the server does not take this token", { retryable: false });
  }
  return new Problem(status, `http_${status}`, words ?? `the server answered ${status}`, patience);
}
