// All files on their way, a few at a time. They go on while somebody looks at another page.

import { useSyncExternalStore } from "react";
import { useApi } from "../api/context";
import { type Api, ApiProblem } from "../api/http";
import { newId } from "../ids";
import { type Place, refusalOf, samePlace } from "./file";
import { upload } from "./upload";

export interface Upload {
  readonly key: string;
  readonly to: Place;
  readonly file: File;
  /** `refused` cannot be sent; `failed` may be tried again; `sent` is in its record in a moment. */
  readonly state: "waiting" | "sending" | "checking" | "sent" | "failed" | "refused";
  readonly bytes: number; // that are there
  readonly why?: unknown;
  readonly id?: string; // in its record
}

const AT_ONCE = 3;
const FINAL: ReadonlySet<number> = new Set([403, 404, 413, 422]); // the same file would be refused again

export class Uploads {
  #all: readonly Upload[] = [];
  readonly #running = new Map<string, AbortController>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly api: Api) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly all = (): readonly Upload[] => this.#all;

  add(files: Iterable<File>, to: Place, takes?: "images"): void {
    const added = Array.from(files, (file): Upload => {
      const why = refusalOf(file, takes);
      return { key: newId(), to, file, bytes: 0, ...(why ? { state: "refused", why: new Error(why) } : { state: "waiting" }) };
    });
    this.#set([...this.#all, ...added]);
    this.#next();
  }

  retry(key: string): void {
    this.#change(key, { state: "waiting", bytes: 0, why: undefined });
    this.#next();
  }

  /** Stops it, if it is under way; nothing is said of it any more. */
  drop(key: string): void {
    this.#running.get(key)?.abort();
    this.#set(this.#all.filter((each) => each.key !== key));
  }

  #next(): void {
    for (const each of this.#all) {
      if (this.#running.size >= AT_ONCE) return;
      if (each.state === "waiting") void this.#send(each);
    }
  }

  async #send({ key, file, to }: Upload): Promise<void> {
    const stop = new AbortController();
    this.#running.set(key, stop);
    if (this.#running.size === 1) addEventListener("beforeunload", warn);
    this.#change(key, { state: "sending" });
    try {
      const id = await upload(this.api, file, to, {
        signal: stop.signal,
        sent: (bytes) => this.#change(key, { bytes }),
        checking: () => this.#change(key, { state: "checking", bytes: file.size }),
      });
      this.#change(key, { state: "sent", id });
    } catch (why) {
      this.#change(key, { state: why instanceof ApiProblem && FINAL.has(why.status) ? "refused" : "failed", why });
    } finally {
      this.#running.delete(key);
      if (this.#running.size === 0) removeEventListener("beforeunload", warn);
      this.#next();
    }
  }

  #change(key: string, change: Partial<Upload>): void {
    this.#set(this.#all.map((each) => (each.key === key ? { ...each, ...change } : each)));
  }

  #set(all: readonly Upload[]): void {
    this.#all = all;
    for (const listener of this.#listeners) listener();
  }
}

/** A page that is closed sends nothing more. */
const warn = (event: BeforeUnloadEvent): void => event.preventDefault();

const known = new WeakMap<Api, Uploads>();

export function useUploads(): Uploads {
  const api = useApi();
  const found = known.get(api) ?? new Uploads(api);
  known.set(api, found);
  return found;
}

/** Those on their way to a place that are not among its files yet. */
export function useUploadsTo(to: Place, there: (id: string) => boolean): readonly Upload[] {
  const uploads = useUploads();
  const all = useSyncExternalStore(uploads.subscribe, uploads.all);
  return all.filter((each) => samePlace(each.to, to) && !(each.id !== undefined && there(each.id)));
}
