/** Whoever wants to know. One who throws keeps nobody else from hearing. */
export class Subscribers<News> {
  readonly #listeners = new Set<{ readonly hear: (news: News) => void }>();
  readonly #report: (error: unknown) => void;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Returns how to stop listening. */
  add(hear: (news: News) => void): () => void {
    const listener = { hear };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(news: News): void {
    for (const { hear } of this.#listeners) {
      try {
        hear(news);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
