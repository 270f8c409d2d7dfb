/** A server in memory that speaks the protocol, over a `Model`: REST as far as clients of live sessions need it. */

import type { Socket } from "../../src/environment.js";
import { isDocument } from "../../src/merge-patch.js";
import type { Document } from "../../src/merge-patch.js";
import { readPositions } from "../../src/protocol.js";
import type { WireCommit } from "../../src/protocol.js";
import { NOUN } from "./model.js";
import type { Model } from "./model.js";
import type { FakeTime } from "./time.js";

export function frame(commits: readonly WireCommit[]): string {
  return JSON.stringify({ commits });
}

/** Both ends of one socket. */
export class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
  open = false;
  closed = false;
  joined = false;
  /** The network is gone, and neither end knows. */
  dead = false;
  readonly sent: Document[] = [];
  longest = 0;
  /** Runs what happens in the page that has it. */
  inPage: (call: () => void) => void = (call) => call();
  readonly #server: FakeServer;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  send(text: string): void {
    const message = JSON.parse(text) as Document;
    this.sent.push(message);
    this.longest = Math.max(this.longest, new TextEncoder().encode(text).length);
    if (this.open && !this.dead && !this.#server.mute) this.#server.answer(this, message);
  }

  close(): void {
    this.open = false;
    this.closed = true;
    this.#server.goodbyes += 1;
  }

  post(text: string): void {
    queueMicrotask(() => {
      if (!this.dead) this.inPage(() => this.onmessage?.({ data: text }));
    });
  }

  end(code = 1006, reason = ""): void {
    this.open = false;
    queueMicrotask(() => this.inPage(() => this.onclose?.({ code, reason })));
  }
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly retryable: boolean;
  readonly retryAfter?: number;
  /** The record as it is, of a write that came too late. */
  readonly current?: Document;
  /** Who has it locked. */
  readonly holder?: string;
}

export interface Written {
  readonly method: string;
  readonly path: string;
  readonly body: Document;
  readonly key: string | null;
  readonly ifMatch: string | null;
  readonly lockToken: string | null;
}

export class FakeServer {
  readonly model: Model;
  readonly time: FakeTime;
  readonly sockets: FakeSocket[] = [];
  /** Every request but those for tickets: method, path and query. */
  readonly asked: string[] = [];
  readonly written: Written[] = [];
  readonly tickets: string[] = [];
  readonly tokens: string[] = [];
  /** What tickets are refused with. */
  refuses: Refusal | undefined;
  refusesReads = false;
  /** What writes are refused with. */
  refusesWrites: Refusal | undefined;
  unreachable = false;
  /** Requests never get an answer. */
  silent = false;
  connectingTakes = 0;
  listsTake = 0;
  unlisted: string[] = [];
  mute = false;
  /** These are posted to nobody, live or replayed. */
  loses: (commit: WireCommit) => boolean = () => false;
  repliesFirst = false;
  syncLimit = 1_000;
  /** So many more are answered before a connection breaks, once. */
  endsAfterSyncs = 1_000;
  /** What the next requests over sockets are answered with. */
  error: Document | undefined;
  sessionSeconds = 3_600;
  pingSeconds = 240;
  goodbyes = 0;
  /** The keys of writes that were done. */
  readonly done: (string | null)[] = [];
  /** Writes are done, but their answers are lost. */
  losesAnswers = false;
  /** What else can be read, by path. */
  readonly others = new Map<string, Document | ((query: URLSearchParams) => Document)>();
  /** What else is written, by method and path: with the answer. */
  readonly writes = new Map<string, (write: Written) => Document | Refusal>();
  /** What else is asked for over sockets, by action: with the reply, or what it is refused with. */
  readonly actions = new Map<string, (message: Document, socket: FakeSocket) => Document>();
  /** Of a server that tells how often to say that somebody is there. */
  presenceSeconds: number | undefined;
  readonly #answered = new Map<string, Document>();
  #published = 0;
  #created = 0;

  constructor(model: Model, time: FakeTime) {
    this.model = model;
    this.time = time;
  }

  // REST and the handshake --------------------------------------------------------------------------------------------

  async fetch(url: string, request: RequestInit): Promise<Response> {
    const { pathname: path, search } = new URL(url);
    const headers = new Headers(request.headers);
    this.tokens.push(headers.get("authorization") ?? "");
    if (this.silent) {
      await new Promise((_resolve, reject) =>
        request.signal?.addEventListener("abort", () => reject(new Error("aborted"))),
      );
    }
    if (this.unreachable) throw new TypeError("fetch failed");
    if (path === "/realtime/tickets") return this.refuses ? refusal(this.refuses) : answer(201, this.#ticket());
    const method = request.method ?? "GET";
    this.asked.push(`${method} ${path}${search}`);
    if (method === "GET" && this.refusesReads) throw new TypeError("fetch failed");
    if (method === "GET") return this.#read(path, new URLSearchParams(search));
    return this.#write({
      method,
      path,
      body: typeof request.body === "string" ? (JSON.parse(request.body) as Document) : {},
      key: headers.get("idempotency-key"),
      ifMatch: headers.get("if-match"),
      lockToken: headers.get("lock-token"),
    });
  }

  socket(url: string): FakeSocket {
    const socket = new FakeSocket(this);
    this.sockets.push(socket);
    this.tickets.push(new URL(url).searchParams.get("ticket") ?? "");
    this.time.setTimeout(() => {
      if (socket.closed) return;
      if (this.unreachable) socket.end();
      else {
        socket.open = true;
        socket.inPage(() => socket.onopen?.());
      }
    }, this.connectingTakes * 1_000);
    return socket;
  }

  /** Knows of what another has done: it is the same server, as another visit finds it. */
  inherit(other: FakeServer): void {
    for (const [key, answered] of other.#answered) this.#answered.set(key, answered);
    this.passOver();
  }

  // Sockets -----------------------------------------------------------------------------------------------------------

  get live(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error("nobody has connected");
    return last;
  }

  get open(): boolean[] {
    return this.sockets.map(({ open }) => open);
  }

  /** The fan-out posts what was committed since the last call. */
  publish(): void {
    for (const commit of this.model.stream.slice(this.#published)) {
      for (const socket of this.sockets) {
        if (socket.joined && socket.open && !this.loses(commit)) socket.post(frame([commit]));
      }
    }
    this.passOver();
  }

  /** What was committed since is not posted. */
  passOver(): void {
    this.#published = this.model.stream.length;
  }

  requests(action: string): Document[] {
    return this.sockets.flatMap(({ sent }) => sent.filter((message) => message.action === action));
  }

  answer(socket: FakeSocket, message: Document): void {
    const reply = (content: Document): void => socket.post(JSON.stringify({ reply: message.id, ok: true, ...content }));
    if (this.error) {
      socket.post(JSON.stringify({ reply: message.id, ok: false, error: this.error }));
    } else if (message.action === "ping") reply({ rooms: this.model.heads() });
    else if (message.action === "auth") {
      this.tickets.push(String(message.ticket));
      reply({ sessionExpiresAt: this.#in(this.sessionSeconds) });
    } else if (message.action === "sync") {
      socket.joined = true;
      if (--this.endsAfterSyncs === 0) {
        socket.end();
        return;
      }
      const { commits, ...content } = this.model.sync(
        readPositions(message.positions),
        message.part === true,
        this.syncLimit,
      );
      if (this.repliesFirst) reply({ ...content });
      for (const commit of commits) if (!this.loses(commit)) socket.post(frame([commit]));
      if (!this.repliesFirst) reply({ ...content });
    } else {
      const other = this.actions.get(String(message.action))?.(message, socket);
      if (other && "code" in other) socket.post(JSON.stringify({ reply: message.id, ok: false, error: other }));
      else if (other && message.silent !== true) reply(other);
    }
  }

  /** Hints, to these. */
  hint(type: string, data: Document, ...sockets: readonly FakeSocket[]): void {
    for (const socket of sockets) socket.post(JSON.stringify({ ephemeral: [{ type, data }] }));
  }

  // -------------------------------------------------------------------------------------------------------------------

  #ticket(): Document {
    const ticket = `t${this.tickets.length + 1}`;
    return {
      url: `ws://fake/live?ticket=${ticket}`,
      ticket,
      expiresAt: this.#in(30),
      sessionExpiresAt: this.#in(this.sessionSeconds),
      pingSeconds: this.pingSeconds,
      presenceSeconds: this.presenceSeconds,
    };
  }

  async #read(path: string, query: URLSearchParams): Promise<Response> {
    if (path === "/escrows") {
      const rooms = Object.entries(this.model.heads()).filter(([room]) => !this.unlisted.includes(room));
      const positions = Object.fromEntries(rooms);
      const page = this.#page(query);
      if (this.listsTake > 0) await this.time.wait(this.listsTake);
      return answer(200, { ...page, positions });
    }
    const other = this.others.get(path);
    if (other) {
      if (this.listsTake > 0) await this.time.wait(this.listsTake);
      return answer(200, typeof other === "function" ? other(query) : other);
    }
    const record = this.model.items().find(({ id }) => path === `/escrows/${id}`);
    return record ? answer(200, record) : refusal(NOT_FOUND);
  }

  /** Newest first, as far as a limit is asked for. */
  #page(query: URLSearchParams): Document {
    const limit = Number(query.get("limit") ?? Infinity);
    if (limit === Infinity) return { items: this.model.items() };
    const newest = this.model.items().toSorted((one, other) => (one.id < other.id ? 1 : -1));
    const after = query.get("cursor");
    const left = newest.filter(({ id }) => after === null || id < after);
    const items = left.slice(0, limit);
    return left.length > limit ? { items, cursor: items.at(-1)?.id } : { items };
  }

  #write(write: Written): Response {
    this.written.push(write);
    if (this.refusesWrites) return refusal(this.refusesWrites);
    const other = this.writes.get(`${write.method} ${write.path}`);
    if (other) {
      const found = other(write);
      if (this.losesAnswers) throw new TypeError("fetch failed");
      return "detail" in found ? refusal(found as Refusal) : answer(200, found);
    }
    const known = write.key === null ? undefined : this.#answered.get(write.key);
    const done = known ?? this.#done(write);
    if (!isDocument(done)) return refusal(NOT_FOUND);
    if (!known) this.done.push(write.key);
    if (write.key !== null) this.#answered.set(write.key, done);
    if (this.losesAnswers) throw new TypeError("fetch failed");
    return answer(write.method === "POST" ? 201 : 200, done);
  }

  #done({ method, path, body }: Written): Document | undefined {
    const id = path.split("/")[2];
    if (method === "POST" && id === undefined) return this.model.create(`made-${++this.#created}`, undefined, body);
    if (id === undefined || !this.model.records.has(id)) return undefined;
    if (method === "PATCH") return this.model.update(id, body);
    if (method === "POST") return this.model.update(id, { archived: path.endsWith("archive") });
    this.model.delete(id);
    return {};
  }

  #in(seconds: number): string {
    return new Date(this.time.truth() + seconds * 1_000).toISOString();
  }
}

export const NOT_FOUND: Refusal = {
  status: 404,
  code: "not_found",
  detail: `there is no such ${NOUN}`,
  retryable: false,
};

function answer(status: number, content: Document): Response {
  return new Response(JSON.stringify(content), { status });
}

function refusal({ status, code, detail, retryable, retryAfter, current, holder }: Refusal): Response {
  const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return new Response(JSON.stringify({ status, code, detail, retryable, current, holder }), { status, headers });
}
