/** The frames with which what is new is shown: each, until that makes the page lose some. */

/** Milliseconds from one frame to the next, up to which none was lost. */
const SMOOTH = 20;
/** How many times as long as what was lost the page has for itself. */
const FREE = 9;
const LONGEST = 500;

export class Frames {
  readonly #show: () => void;
  #number: number | undefined;
  #notBefore = 0;

  constructor(show: () => void) {
    this.#show = show;
  }

  /** Shows what there is by then. */
  soon(): void {
    this.#number ??= requestAnimationFrame((at) => this.#begin(at));
  }

  cancel(): void {
    if (this.#number !== undefined) cancelAnimationFrame(this.#number);
    this.#number = undefined;
  }

  #begin(at: number): void {
    this.#number = undefined;
    if (at < this.#notBefore) return this.soon();
    this.#show();
    // On a slow device, or a busy one, the next frame comes late: by what it took to draw what was shown.
    requestAnimationFrame((next) => {
      this.#notBefore = next + Math.min(LONGEST, FREE * Math.max(0, next - at - SMOOTH));
    });
  }
}
