/** What the server works on for this person: how far it is, what waits for a word of theirs, how it has ended. */

import type { Client } from "../client.js";
import type { Document } from "../merge-patch.js";
import type { Request } from "../rest.js";
import { collaboration } from "./collaboration.js";
import { LiveList } from "./live-list.js";
import type { Listed } from "./live-list.js";
import { LookedAt } from "./looked-at.js";
import { Once } from "./once.js";
import type { ServerClock } from "./server-clock.js";
import { Watched, together } from "./store.js";
import type { Confirmation, NewTask, Task } from "./wire.js";

const NOUN = "task";
const PATH = "tasks";
const KEPT = 7 * 86_400_000; // after its end; what is not over is listed for as long as it is

/** `isNew`: it has ended, and nobody has looked at that in this browser. */
type Shown = Task & { readonly isNew: boolean };

/** What is asked for rejects as any request does. Whoever asks for the same again because there was no answer has it done once. */
export interface Tasks extends Listed<Shown> {
  readonly begin: (kind: NewTask["kind"], input: NewTask["input"]) => Promise<Task>;
  /** Goes on with what is proposed; without an answer, with all of it as it is. */
  readonly confirm: (id: string, answer?: NonNullable<Confirmation["answer"]>) => Promise<Task>;
  readonly cancel: (id: string) => Promise<Task>;
  /** Resolves to the task that takes back what this one has done. */
  readonly undo: (id: string) => Promise<Task>;
  /** Somebody has looked at how these have ended. */
  readonly look: (ids: readonly string[]) => void;
}

export class TaskList extends Watched<Tasks> {
  readonly #client: Client;
  readonly #list: LiveList<Task>;
  readonly #looked: LookedAt;
  readonly #made = new WeakMap<Task, Shown>();
  readonly #once: Once;

  constructor(client: Client, time: ServerClock) {
    super(client);
    this.#client = client;
    this.#once = new Once(() => client.environment.uuid());
    this.#list = new LiveList<Task>(client, time, { noun: NOUN, path: PATH, ends });
    this.#looked = new LookedAt(client, PATH, () => this.changed());
  }

  /** Asks for them anew. */
  async refresh(): Promise<void> {
    await this.#list.refresh();
  }

  readonly start: Tasks["begin"] = async (kind, input) => this.#doOnce("", { kind, input });

  readonly confirm: Tasks["confirm"] = async (id, answer) => this.#doOnce(of(id, "confirm"), answer ? { answer } : {});

  readonly cancel: Tasks["cancel"] = async (id) => this.#do(of(id, "cancel"));

  readonly undo: Tasks["undo"] = async (id) => this.#do(of(id, "undo"));

  readonly look: Tasks["look"] = (ids) => this.#looked.add(ids);

  protected override begin(): () => void {
    const follow = this.#looked.follow();
    const stop = this.#list.subscribe(() => {
      this.#noteEnds();
      this.changed();
    });
    this.#noteEnds();
    return together(stop, follow);
  }

  protected show(): Tasks {
    const { items, isPending, error } = this.#list.snapshot();
    const { start, confirm, cancel, undo, look } = this;
    const shown = items.toSorted(newestFirst).map((one) => this.#shown(one));
    return { items: shown, isPending, error, begin: start, confirm, cancel, undo, look };
  }

  /** What had ended before this browser was first used is no news in it. */
  #noteEnds(): void {
    const { items, isPending } = this.#list.snapshot();
    if (!isPending) this.#looked.start(items.flatMap(({ endedAt }) => endedAt ?? []));
  }

  /** The same object for as long as nothing is different. */
  #shown(one: Task): Shown {
    const isNew = one.endedAt !== undefined && !this.#looked.has(one.id, one.endedAt);
    const known = this.#made.get(one);
    if (known?.isNew === isNew) return known;
    const made = { ...one, isNew };
    this.#made.set(one, made);
    return made;
  }

  async #doOnce(path: string, body: Document): Promise<Task> {
    return this.#once.ask(path + JSON.stringify(body), async (idempotencyKey) => this.#do(path, { body, idempotencyKey }));
  }

  /** The answer is shown, unless something newer was told meanwhile. */
  async #do(path: string, request?: Request): Promise<Task> {
    const client = this.#client;
    let task: Document = {};
    await client.load(NOUN, async () => ({ items: [(task = await client.rest.send("POST", `/${PATH}${path}`, request))] }));
    return task as unknown as Task;
  }
}

function of(id: string, verb: string): string {
  return `/${encodeURIComponent(id)}/${verb}`;
}

function ends({ endedAt }: Task): number {
  return endedAt === undefined ? Infinity : Date.parse(endedAt) + KEPT;
}

function newestFirst(one: Task, other: Task): number {
  return one.startedAt === other.startedAt ? (one.id < other.id ? 1 : -1) : one.startedAt < other.startedAt ? 1 : -1;
}

const known = new WeakMap<Client, TaskList>();

/** Those of a client; always the same. Not a part of `Collaboration`: few screens need it, and none at once. */
export function tasks(client: Client): TaskList {
  let found = known.get(client);
  if (!found) known.set(client, (found = new TaskList(client, collaboration(client).time)));
  return found;
}
