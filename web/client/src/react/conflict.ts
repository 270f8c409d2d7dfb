/** Somebody else was faster. */

import { isRecord } from "../cache.js";
import type { AnyRecord } from "../cache.js";
import { ClientError, Problem } from "../errors.js";
import { isDocument, merge } from "../merge-patch.js";
import type { Document } from "../merge-patch.js";
import type { Write } from "../offline/queue.js";

/** Both versions and what they have in common. What the server has is as it was before the write. */
export class Conflict extends ClientError {
  /** The record that the write was based on. */
  readonly base: AnyRecord | undefined;
  /** The same as it was wanted. */
  readonly mine: Document;
  /** As it is. */
  readonly theirs: AnyRecord | undefined;
  readonly write: Write;

  private constructor(error: Problem, write: Write, base: AnyRecord | undefined, known: AnyRecord | undefined) {
    super(error.code, error.message, { retryable: false });
    const { current } = error.content;
    this.base = base;
    this.mine = merge(base ?? {}, write.body ?? {});
    this.theirs = isDocument(current) && isRecord(current) ? current : known;
    this.write = write;
  }

  /** A Conflict of an answer of 409 or 412; any other error as it is. */
  static of(error: unknown, write: Write, base: AnyRecord | undefined, known: AnyRecord | undefined): unknown {
    const isOne = error instanceof Problem && (error.status === 412 || error.status === 409);
    return isOne ? new Conflict(error, write, base, known) : error;
  }
}
