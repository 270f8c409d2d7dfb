// Maps by item id, as several people change them at once: their order, and how one item moves in it.

export interface Item {
  readonly position?: string;
}

export type Items<Each extends Item> = Readonly<Record<string, Each>>;

/** In their order: by position, then by id; what has no position comes last. */
export function inOrder<Each extends Item>(items: Items<Each> | undefined): [id: string, item: Each][] {
  return Object.entries(items ?? {}).toSorted(([one, { position: a = "~" }], [other, { position: b = "~" }]) => {
    if (a !== b) return a < b ? -1 : 1;
    return one < other ? -1 : 1;
  });
}

/** The patch by which an item comes to stand there among the others. Itself alone changes, unless there is no room between two. */
export function moved(entries: readonly (readonly [string, Item])[], id: string, to: number): Record<string, { position: string }> {
  const others = entries.filter(([each]) => each !== id);
  const [before, after] = [others[to - 1]?.[1].position ?? "", others[to]?.[1].position];
  const key = between(before, after);
  if (key !== undefined) return { [id]: { position: key } };
  const moving = entries.filter(([each]) => each === id);
  const all = [...others.slice(0, to), ...moving, ...others.slice(to)];
  return Object.fromEntries(all.map(([each], at) => [each, { position: spread(at) }]));
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"; // in the order of their codes
const LONGEST = 100;

const digit = (key: string, at: number): number => DIGITS.indexOf(key.charAt(at) || "0");

/** A key between two, as the server compares them: plainly. Undefined if none is. */
function between(low: string, high: string | undefined): string | undefined {
  let key = "";
  let open = high === undefined; // nothing is above any more
  for (let at = 0; at < LONGEST; at += 1) {
    const [from, until] = [digit(low, at), open ? DIGITS.length : digit(high ?? "", at)];
    if (until < from) return undefined;
    if (until - from > 1) {
      const found = key + DIGITS.charAt(Math.floor((from + until) / 2));
      return found > low && (high === undefined || found < high) ? found : undefined;
    }
    open ||= until > from;
    key += DIGITS.charAt(from);
  }
  return undefined;
}

/** Two digits, with room between any two of 200. */
const spread = (at: number): string => {
  const value = (at + 1) * 19;
  return DIGITS.charAt(Math.floor(value / DIGITS.length)) + DIGITS.charAt(value % DIGITS.length);
};
