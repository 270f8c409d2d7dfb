/** Somebody waits until it rings; nobody hears a ring of before. */
export class Bell {
  readonly #listeners = new Set<() => void>();

  ring(): void {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }

  /** Returns how to stop listening. */
  next(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
