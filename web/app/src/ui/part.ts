// What is loaded when it is first shown: a screen, or what not everybody needs of one.

import { lazyRouteComponent } from "@tanstack/react-router";
import { Unreachable } from "../api/http";
import { readConfig } from "../config";

/** `preload`: until it is there. It never rejects. */
interface Part {
  readonly preload?: () => Promise<void>;
}

type Load<Parts extends object> = () => Promise<Parts>;

const PATIENCE = 5_000; // milliseconds

const all = new Set<Part>();
const failed = new Set<Part>();

/**
 * Unlike React's own `lazy`, it can be tried again. The router loads a page anew whose part is missing, for it may be one of a
 * version that is gone. Where nobody answers there would be no page either: this one stays, and the part fails as any request does.
 */
export const part: typeof lazyRouteComponent = <Parts extends object, Name extends keyof Parts>(load: Load<Parts>, name?: Name) => {
  const made = lazyRouteComponent<Parts, Name>(async () => {
    try {
      const loaded = await load();
      failed.delete(made as Part);
      return loaded;
    } catch (error) {
      failed.add(made as Part);
      throw (await isServed()) ? error : new Unreachable();
    }
  }, name);
  all.add(made as Part);
  return made;
};

let asking: Promise<boolean> | undefined;

/** `onLine` alone says little: the next router may have no way on. Asked once for all that fail together. */
async function isServed(): Promise<boolean> {
  if (!navigator.onLine) return false;
  asking ??= readConfig(AbortSignal.timeout(PATIENCE))
    .then(
      () => true,
      () => false,
    )
    .finally(() => (asking = undefined));
  return asking;
}

/** With what is only part of something that is loaded by this. */
export async function loadAll(asked: ReadonlySet<Part> = new Set()): Promise<void> {
  const next = [...all].filter((each) => !asked.has(each));
  if (next.length === 0) return;
  await Promise.all(next.map(async (each) => each.preload?.()));
  await loadAll(new Set([...asked, ...next]));
}

/** What could not be loaded, once more. */
export async function loadFailed(): Promise<void> {
  await Promise.all([...failed].map(async (each) => each.preload?.()));
}
