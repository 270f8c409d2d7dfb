/** Time that moves when told, for all pages of a browser at once. */

declare function setImmediate(call: (value: unknown) => void): unknown;

/** Lets everything happen that can happen without time passing. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
}

export const NINE = Date.parse("2026-03-01T09:00:00.000Z");

export class FakeTime {
  /** What this machine's clock is wrong by, in milliseconds. */
  wrong = 0;
  #elapsed = 0;
  #slept = 0;
  #order = 0;
  readonly #due = new Set<Due>();

  now(): number {
    return NINE + this.#elapsed + this.#slept + this.wrong;
  }

  visible(): boolean {
    return true;
  }

  /** The server's. */
  truth(): number {
    return NINE + this.#elapsed + this.#slept;
  }

  performance(): number {
    return this.#elapsed;
  }

  setTimeout(call: () => void, milliseconds: number): object {
    const due: Due = { at: this.#elapsed + milliseconds, order: ++this.#order, call };
    this.#due.add(due);
    return due;
  }

  clearTimeout(timer: number | object): void {
    this.#due.delete(timer as Due);
  }

  get timers(): number {
    return this.#due.size;
  }

  /** Moves on by so many seconds, stopping at every moment when something is due. */
  async advance(seconds: number): Promise<void> {
    const end = this.#elapsed + seconds * 1_000;
    await settle();
    for (;;) {
      const next = [...this.#due].sort((one, other) => one.at - other.at || one.order - other.order)[0];
      if (!next || next.at > end) break;
      this.#elapsed = Math.max(this.#elapsed, next.at);
      this.#due.delete(next);
      next.call();
      await settle();
    }
    this.#elapsed = end;
  }

  /** The machine sleeps: the time of day goes on, nothing else does. */
  sleep(seconds: number): void {
    this.#slept += seconds * 1_000;
  }

  /** Nothing gets to run for so long, and then everything at once: as in a page that was frozen. */
  async freeze(seconds: number): Promise<void> {
    this.#elapsed += seconds * 1_000;
    await this.advance(0);
  }

  async wait(seconds: number): Promise<void> {
    await new Promise<void>((resolve) => this.setTimeout(resolve, seconds * 1_000));
  }
}
