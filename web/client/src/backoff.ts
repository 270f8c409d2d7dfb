/** How long to wait before trying again: full jitter, so that a crowd that failed together does not return together. */

const FIRST = 500;
const LONGEST = 30_000;

/** Milliseconds, after so many failures in a row, from 1. `atLeast`: what the server asked for. */
export function backoff(failures: number, random: () => number, atLeast = 0): number {
  return atLeast + random() * Math.min(LONGEST, FIRST * 2 ** (failures - 1));
}
