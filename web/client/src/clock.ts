/** The time, as a parameter of everything that waits. One timer serves all who wait. */

import { abortable } from "./abortable.js";
import type { Bell } from "./bell.js";
import type { Environment } from "./environment.js";

type Timekeeping = Pick<Environment, "now" | "performance" | "setTimeout" | "clearTimeout" | "visible">;

const LOOK = 5_000; // the longest without a look at the time: so soon does one that has slept notice
const HIDDEN_LOOK = 90_000; // browsers let hidden pages look once a minute
const GRACE = 1_000; // what waits to be read after a pause is read before anyone is late with it
const JUMP = 1_000; // the time of day runs ahead of the stopwatch by so much: the machine has slept, or was set

interface Wait {
  at: number;
  patient: boolean;
  readonly call: () => void;
}

export class Clock {
  /** Called when time has passed in which nothing could run: the machine, or the page, has slept. */
  onSlept: () => void = () => undefined;

  readonly #time: Timekeeping;
  readonly #waits = new Set<Wait>();
  #timer: ReturnType<Timekeeping["setTimeout"]> | undefined;
  #expected = 0;
  #slept = 0;
  #ahead: number;

  constructor(time: Timekeeping) {
    this.#time = time;
    this.#ahead = time.now() - time.performance();
  }

  /** Milliseconds since some moment. Counts on while the machine sleeps, which `performance.now()` may not do. */
  elapsed(): number {
    const stopwatch = this.#time.performance();
    const ahead = this.#time.now() - stopwatch;
    if (ahead > this.#ahead + JUMP) this.#slept += ahead - this.#ahead;
    this.#ahead = ahead;
    return stopwatch + this.#slept;
  }

  /** Returns how to call it off. `patient`: not yet, if nobody could look when the time had come. */
  after(milliseconds: number, call: () => void, { patient = false } = {}): () => void {
    if (milliseconds === Infinity) return () => undefined;
    const wait: Wait = { at: this.elapsed() + milliseconds, patient, call };
    this.#waits.add(wait);
    this.#arm();
    return () => {
      this.#waits.delete(wait);
      if (this.#waits.size === 0) this.#disarm();
    };
  }

  /** Until then, or until the bell rings: then it resolves to true. Rejects with the signal's reason. */
  async sleep(milliseconds: number, signal: AbortSignal, bell?: Bell): Promise<boolean> {
    let over = (_rung: boolean): void => undefined;
    const done = new Promise<boolean>((resolve) => (over = resolve));
    const stops = [this.after(milliseconds, () => over(false)), bell?.next(() => over(true))];
    try {
      return await abortable(done, signal);
    } finally {
      for (const stop of stops) stop?.();
    }
  }

  #arm(): void {
    const now = this.elapsed();
    const next = Math.min(now + LOOK, ...[...this.#waits].map((wait) => wait.at));
    if (this.#timer !== undefined && this.#expected <= next) return;
    this.#disarm();
    this.#expected = Math.max(now, next);
    this.#timer = this.#time.setTimeout(() => {
      this.#look();
    }, this.#expected - now);
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#time.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.#timer = undefined;
    const now = this.elapsed();
    const late = now - this.#expected;
    for (const wait of [...this.#waits].filter(({ at }) => at <= now)) {
      if (wait.patient && late > GRACE) {
        wait.at = now + GRACE;
        wait.patient = false;
      } else if (this.#waits.delete(wait)) wait.call();
    }
    if (late > (this.#time.visible() ? LOOK : HIDDEN_LOOK)) this.onSlept();
    if (this.#waits.size > 0) this.#arm();
  }
}
