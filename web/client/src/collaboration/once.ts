/** Whoever asks for the same again because there was no answer has it done once. */

import { Problem } from "../errors.js";

export class Once {
  readonly #newKey: () => string;
  /** Of what was asked for without an answer so far. */
  readonly #keys = new Map<string, string>();

  constructor(newKey: () => string) {
    this.#newKey = newKey;
  }

  /** `text`: what is asked for. */
  async ask<Answer>(text: string, ask: (idempotencyKey: string) => Promise<Answer>): Promise<Answer> {
    const key = this.#keys.get(text) ?? this.#newKey();
    this.#keys.set(text, key);
    try {
      const answer = await ask(key);
      this.#keys.delete(text);
      return answer;
    } catch (error) {
      if (error instanceof Problem && !error.retryable) this.#keys.delete(text);
      throw error;
    }
  }
}
