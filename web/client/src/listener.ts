/** What a session tells, and what whoever listens has to answer. */

import type { Position, Positions, WireCommit, WireEvent } from "./protocol.js";

export type Status = "disconnected" | "connecting" | "connected" | "reconnecting" | "error";

/**
 * `disconnected`: not started, told to disconnect, or without a network. `connecting`: until nothing was missing for the
 * first time. `reconnecting`: since then. `error`: after 8 failed tries, or when trying again is of no use; `retry()`
 * leads out of it.
 */
export interface State {
  readonly status: Status;
  /** A sentence for a person. */
  readonly reason: string;
  /** The stable code of the error behind it. */
  readonly code?: string;
  /** When the next try is, in milliseconds since 1970 by this machine's clock. */
  readonly retryAt?: number;
}

export const IDLE: State = { status: "disconnected", reason: "not started" };

/** What catching up brought. Never partial: a room was either replayed whole, or reset and refetched. */
export interface Recovered {
  /** Commits by room, only where there were any. */
  readonly missed: Readonly<Record<string, number>>;
  readonly reset: readonly string[];
  /** Milliseconds without a connection; 0 if a gap was filled on a live one; undefined if nobody knows. */
  readonly away: number | undefined;
}

/**
 * By room, where its log ended when the server said that it is to be loaded anew. `begunAnew`: the server's tables were
 * restored, so what was seen of the room may never have been, and versions may be lower than they were.
 */
export type Lost = Readonly<Record<string, Position & { readonly begunAnew?: true }>>;

/** Everything is told in order, and never two things at once. */
export interface Listener {
  state(state: State): void;
  /** Requests go over another socket from now on. */
  moved(): void;
  /** The next commit of its room. */
  commit(commit: WireCommit): void;
  ephemeral(event: WireEvent): void;
  recovered(recovered: Recovered): void;
  /** We are not in that room any more: what was seen of it must go. */
  left(room: string): void;
  /** Nothing is missing at this moment. */
  synced(): void;
  /**
   * Loads the state of the rooms `lost` and resolves to the positions it is good for, which were read before it.
   *
   * Whoever keeps no state goes on from where their logs end. No commit of these rooms is handed over
   * meanwhile. Once `signal` is aborted, nothing of it may be kept.
   */
  refetch(lost: Lost, signal: AbortSignal): Promise<Positions>;
}
