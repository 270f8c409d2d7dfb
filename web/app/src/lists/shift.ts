/** By how many rows the first row in view, number `first`, has moved; of one that is gone, the next that is still there. */
export function shiftOf(before: readonly string[], after: readonly string[], first: number): number {
  for (let at = Math.max(first, 0); at < Math.min(before.length, first + 100); at += 1) {
    const id = before[at];
    const now = id === undefined ? -1 : after.indexOf(id);
    if (now >= 0) return now - at;
  }
  return 0;
}
