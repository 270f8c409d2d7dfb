/** The long work that somebody has begun, on whatever device: what runs, what waits for them, what has ended of late. */

import type { Client } from "../client.js";
import type { Document } from "../merge-patch.js";
import { LiveList } from "./live-list.js";
import type { Listed } from "./live-list.js";
import type { ServerClock } from "./server-clock.js";
import type { NewTask, Task, TaskAnswer } from "./wire.js";

const DAY = 86_400_000;
const KEPT = 7 * DAY; // after its end
const WAITS = 7 * DAY; // for its person, and nothing runs so long

/** The newest first. Whatever is called rejects with the server's problem; what comes of it is told like all else. */
export interface Tasks extends Listed<Task> {
  /** `key`: under which it is begun once, however often it is sent; without one, each call begins another. */
  readonly begin: (task: NewTask, key?: string) => Promise<Task>;
  /** Without an answer, what was proposed is confirmed as it is. */
  readonly confirm: (id: string, answer?: TaskAnswer) => Promise<Task>;
  readonly cancel: (id: string) => Promise<Task>;
  /** Another task, which takes back what this one has written. */
  readonly undo: (id: string) => Promise<Task>;
}

export class TaskList extends LiveList<Task> {
  declare readonly snapshot: () => Tasks;
  readonly #calls: Omit<Tasks, keyof Listed<Task>>;

  constructor(client: Client, time: ServerClock) {
    super(client, time, { noun: "task", path: "tasks", ends });
    const post = async (path: string, body: object = {}, idempotencyKey?: string): Promise<Task> => {
      const answer: Document = await client.rest.send("POST", `/tasks${path}`, { body, idempotencyKey });
      return answer as unknown as Task;
    };
    this.#calls = {
      begin: (task, key = client.environment.uuid()) => post("", task, key),
      confirm: (id, answer) => post(`/${id}/confirm`, answer ? { answer } : {}),
      cancel: (id) => post(`/${id}/cancel`),
      undo: (id) => post(`/${id}/undo`),
    };
  }

  protected override show(): Tasks {
    const listed = super.show();
    const items = listed.items.toSorted((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
    return { ...listed, items, ...this.#calls };
  }
}

function ends({ updatedAt, endedAt }: Task): number {
  return Date.parse(updatedAt) + (endedAt === undefined ? WAITS : 0) + KEPT;
}
