/** The client, broken on purpose in one place each, as the simulator breaks the Python client and more. */

import { Cache, partsOf } from "../../src/cache.js";
import type { AnyRecord, Fetch, Key } from "../../src/cache.js";
import { Feed } from "../../src/feed.js";
import type { Position, RoomReply, WireCommit } from "../../src/protocol.js";
import { Room } from "../../src/room.js";
import type { Need } from "../../src/room.js";
import type { Parts } from "./player.js";

class AppliesWhateverComes extends Room {
  override receive(commit: WireCommit): WireCommit[] {
    const released = super.receive(commit);
    if (released.length > 0 || this.covers(commit) || this.need === "refetch") return released;
    this.held = [];
    this.at = commit;
    return [commit];
  }
}

/** Compares numbers alone. */
class IgnoresEpochs extends Room {
  override get need(): Need {
    if (this.lost) return "refetch";
    return !this.at || Math.max(0, ...this.heads.values()) > this.at.seq ? "sync" : "nothing";
  }

  override resumed(asked: Position | undefined, head: RoomReply): void {
    if (this.at) this.at = { epoch: head.epoch, seq: this.at.seq };
    super.resumed(asked && { epoch: head.epoch, seq: asked.seq }, { ...head, reset: head.reset && !asked });
  }

  protected override covers(position: Position): boolean {
    return this.at !== undefined && position.seq <= this.at.seq;
  }
}

/** Takes the word of a reply for what was replayed. */
class BelievesReplies extends Room {
  override resumed(asked: Position | undefined, head: RoomReply): void {
    super.resumed(asked, head);
    if (this.at && head.seq > this.at.seq) this.at = { epoch: head.epoch, seq: head.seq };
  }
}

class Hoards extends Cache {
  override leave(_room: string): Key[] {
    return [];
  }
}

/** Takes what an answer shows, whatever was deleted while it was on its way. */
class ForgetsDeletions extends Cache {
  override load(noun: string, records: Iterable<AnyRecord>, _fetch: Fetch): Key[] {
    const fetch = this.fetching();
    try {
      return super.load(noun, records, fetch);
    } finally {
      this.done(fetch);
    }
  }

  override loadWanted(key: Key, record: AnyRecord | undefined, fetch: Fetch): Key[] {
    return record ? this.load(partsOf(key)[0], [record], fetch) : super.loadWanted(key, record, fetch);
  }
}

const of = (kind: typeof Room): Parts => ({ feed: () => new Feed({}, (position) => new kind(position)) });

export const BREAKAGES: Readonly<Record<string, Parts>> = {
  "it holds nothing back": of(AppliesWhateverComes),
  "it does not look at epochs": of(IgnoresEpochs),
  "it believes what a reply says was replayed": of(BelievesReplies),
  "it keeps what it has of rooms it has left": { cache: () => new Hoards() },
  "it takes from answers what was deleted meanwhile": { cache: () => new ForgetsDeletions() },
};
