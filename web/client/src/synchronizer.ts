/**
 * Keeping a feed whole, over one connection after another: what `feed.ts` needs, asked of the server.
 *
 * Only one catches up at a time, so that a `sync` and its reply, or a refetch, never overlap.
 */

import { abortable } from "./abortable.js";
import { backoff } from "./backoff.js";
import { Bell } from "./bell.js";
import type { Clock } from "./clock.js";
import type { Connection } from "./connection.js";
import { Refused, protocolError } from "./errors.js";
import type { Feed } from "./feed.js";
import type { Listener } from "./listener.js";
import { readPositions, readSync } from "./protocol.js";
import type { News, Position, Positions, SyncReply, WireCommit } from "./protocol.js";

const MAX_STALLS = 6; // syncs in a row that bring nothing, before the connection is given up

export class Synchronizer {
  readonly #feed: Feed;
  readonly #listener: Listener;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #gap: number;
  readonly #behind = new Bell();
  #last: Promise<unknown> = Promise.resolve();
  /** Since nothing was missing the last time; it may take more than one connection until that is so again. */
  #before: Positions | undefined;
  readonly #reset = new Set<string>();

  /** `gap`: milliseconds in which a gap may close by itself. Jittered, as a post that failed for one failed for many. */
  constructor(feed: Feed, listener: Listener, clock: Clock, random: () => number, gap: number) {
    this.#feed = feed;
    this.#listener = listener;
    this.#clock = clock;
    this.#random = random;
    this.#gap = gap;
  }

  receive(news: News): void {
    if ("commits" in news) {
      this.#deliver(this.#feed.receive(news.commits));
      this.#notice();
    } else for (const event of news.ephemeral) this.#listener.ephemeral(event);
  }

  heard(heads: Positions): void {
    this.#feed.heard(heads);
    this.#notice();
  }

  /**
   * Asks until nothing is missing: all that the server posted has arrived, or was asked for again.
   *
   * `away`: milliseconds without a connection, for the report. Rejects if this connection will not do.
   */
  async catchUp(connection: Connection, away: number | undefined, signal: AbortSignal): Promise<void> {
    await this.#alone(signal, async () => {
      this.#before ??= this.#feed.positions();
      this.#end(this.#before, await this.#ask(connection, signal), away);
    });
  }

  /** The same on a second connection, while the first still delivers: what both bring was not missed. */
  async takeOver(connection: Connection, signal: AbortSignal): Promise<void> {
    await this.#alone(signal, async () => {
      const whole = !this.#before && !this.#feed.lacking;
      const before = this.#before ?? this.#feed.positions();
      const reached = await this.#ask(connection, signal);
      this.#end(before, whole ? {} : reached, 0);
    });
  }

  /** Never resolves. */
  async stayWhole(connection: Connection, signal: AbortSignal): Promise<never> {
    for (;;) {
      if (!this.#feed.lacking) await this.#clock.sleep(Infinity, signal, this.#behind);
      await this.#clock.sleep((this.#gap * (1 + this.#random())) / 2, signal);
      if (this.#feed.lacking) await this.catchUp(connection, 0, signal);
    }
  }

  async #alone(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const mine = this.#last.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#last = mine.catch(() => undefined);
    await mine;
  }

  /** Resolves to where the last sync found the logs. */
  async #ask(connection: Connection, signal: AbortSignal): Promise<Positions> {
    let reached: Positions = {};
    let stalls = 0;
    let more = true;
    try {
      while (more || this.#feed.behind) {
        const asked = JSON.stringify(this.#feed.positions());
        try {
          const replies = await this.#sync(connection);
          signal.throwIfAborted();
          reached = Object.fromEntries(replies.flatMap(({ rooms }) => Object.entries(rooms)));
          more = replies.some((reply) => reply.more);
        } catch (error) {
          // What the server refuses for the moment is asked again; what ends the socket has aborted the signal.
          if (signal.aborted || !(error instanceof Refused) || !error.retryable) throw error;
        }
        await this.#refetch(signal);
        if (more || this.#feed.behind) {
          stalls = JSON.stringify(this.#feed.positions()) === asked ? stalls + 1 : 0;
          if (stalls > MAX_STALLS) throw protocolError("the server says that there is more, and sends nothing");
          // Replayed frames may still be on their way; or the server asked for patience.
          if (stalls > 0) await this.#clock.sleep(backoff(stalls, this.#random), signal);
        }
      }
    } finally {
      this.#notice();
    }
    return reached;
  }

  /** Asks once about every room: in one frame, or in as many as it takes to name them. */
  async #sync(connection: Connection): Promise<SyncReply[]> {
    const questions = this.#feed.questions();
    const part = questions.length > 1;
    const replies: SyncReply[] = [];
    for (const positions of questions) {
      const reply = readSync(await connection.request("sync", part ? { positions, part } : { positions }));
      for (const room of this.#feed.resumed(positions, reply, part)) this.#listener.left(room);
      replies.push(reply);
    }
    if (part) this.#feed.joined(readPositions((await connection.request("ping")).rooms));
    return replies;
  }

  async #refetch(signal: AbortSignal): Promise<void> {
    const { lost } = this.#feed;
    const names = Object.keys(lost);
    if (names.length === 0) return;
    for (const room of names) this.#reset.add(room);
    const found = await abortable(this.#listener.refetch(lost, signal), signal);
    const positions: Record<string, Position> = {};
    for (const room of names) {
      const position = found[room];
      if (!position) throw protocolError(`there is a live room, but no list of it: ${room}`);
      positions[room] = position;
    }
    this.#deliver(this.#feed.reset(positions));
  }

  #end(before: Positions, reached: Positions, away: number | undefined): void {
    const reset = [...this.#reset].filter((room) => room in before);
    const missed: Record<string, number> = {};
    for (const [room, { seq }] of Object.entries(before)) {
      const now = reached[room];
      if (now && now.seq > seq && !this.#reset.has(room)) missed[room] = now.seq - seq;
    }
    this.#before = undefined;
    this.#reset.clear();
    if ((Object.keys(before).length > 0 && away !== 0) || Object.keys(missed).length > 0 || reset.length > 0) {
      this.#listener.recovered({ missed, reset, away });
    }
  }

  #deliver(commits: readonly WireCommit[]): void {
    for (const commit of commits) this.#listener.commit(commit);
  }

  #notice(): void {
    if (this.#feed.lacking) this.#behind.ring();
    else this.#listener.synced();
  }
}
