/** Somebody else was faster. */

import { isRecord } from "../cache.js";
import type { AnyRecord } from "../cache.js";
import { Problem } from "../errors.js";
import { isDocument, merge } from "../merge-patch.js";
import type { Document } from "../merge-patch.js";
import type { Write } from "../offline/queue.js";

/** Both versions and what they have in common. What is shown is as it was before the write. */
export class Conflict extends Problem {
  /** What was wanted. */
  readonly write: Write;
  /** The record that it was based on. */
  readonly base: AnyRecord | undefined;
  /** As it is now. */
  readonly theirs: AnyRecord | undefined;

  constructor({ status, code, message, content }: Problem, write: Write, base?: AnyRecord, known?: AnyRecord) {
    super(status, code, message, { retryable: false }, content);
    const { current } = content;
    this.write = write;
    this.base = base;
    this.theirs = isDocument(current) && isRecord(current) ? current : known;
  }

  /** The record as it was wanted. */
  get mine(): Document {
    return merge(this.base ?? {}, this.write.body ?? {});
  }
}
