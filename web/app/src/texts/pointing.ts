// Which field somebody is at, so that its words in the text stand out: in a store of its own, as a form of many fields is not drawn
// anew for that.

import { createContext, use, useSyncExternalStore } from "react";

export class Pointing {
  #name: string | undefined;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly name = (): string | undefined => this.#name;

  /** `name`: the path of the field in the form. */
  to(name: string | undefined): void {
    if (name === this.#name) return;
    this.#name = name;
    for (const listener of this.#listeners) listener();
  }

  /** Whoever was at it is not any more. */
  from(name: string): void {
    if (this.#name === name) this.to(undefined);
  }
}

export const PointingContext = createContext(new Pointing());

export function usePointed(): string | undefined {
  const pointing = use(PointingContext);
  return useSyncExternalStore(pointing.subscribe, pointing.name);
}
