/** In milliseconds. */
export interface Timings {
  /** After which it asks what it missed; without it, what the ticket says. */
  readonly silence?: number;
  /** The longest between two such questions, however much arrives: other rooms may be silent. */
  readonly check: number;
  readonly reply: number;
  /**
   * Longer than the way of nearly every commit: on AWS half a second to a large room, and more while functions start.
   * With less, every ping in a busy room would look like a gap.
   */
  readonly gap: number;
  /** Only a connection that lasted ends a series of failures. */
  readonly settled: number;
  /** The most that a socket is used; API Gateway ends it after two hours. */
  readonly rotate: number;
  /** Failed tries in a row, after which a person has to say that it shall go on. */
  readonly tries: number;
}

export const TIMINGS: Timings = {
  check: 900_000,
  reply: 10_000,
  gap: 2_000,
  settled: 10_000,
  rotate: 6_600_000,
  tries: 8,
};
