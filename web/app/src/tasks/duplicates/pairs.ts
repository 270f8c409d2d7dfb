// Pairs of records that look like one person: what the server proposes, and what is chosen of it. Pure.

export interface Pair {
  readonly noun: string;
  readonly keep: string;
  readonly drop: string;
  readonly names: readonly [keep: string, drop: string];
  /** Why they look like one person: "both have zoe@example.com". */
  readonly reasons: readonly string[];
  readonly sure: boolean;
  readonly versions: readonly [keep: number, drop: number];
}

/** Of one pair: whether it is merged, and whether the other way round than proposed. */
export interface Choice {
  readonly merged: boolean;
  readonly turned: boolean;
}

export function pairsOf(proposal: Readonly<Record<string, unknown>> | undefined): readonly Pair[] {
  const pairs = proposal?.["pairs"];
  return Array.isArray(pairs) ? (pairs as readonly Pair[]) : [];
}

/** Two records may be a pair once. */
export const keyOf = ({ keep, drop }: Pair): string => `${keep} ${drop}`;

/** Those that are sure, as the server says. */
export function firstChoices(pairs: readonly Pair[]): ReadonlyMap<string, Choice> {
  return new Map(pairs.map((pair) => [keyOf(pair), { merged: pair.sure, turned: false }]));
}

export interface Merge {
  readonly keep: string;
  readonly drop: string;
}

export function mergeOf({ keep, drop }: Pair, turned: boolean): Merge {
  return turned ? { keep: drop, drop: keep } : { keep, drop };
}

/** What is to be merged, in the order of the pairs. */
export function mergesOf(pairs: readonly Pair[], choices: ReadonlyMap<string, Choice>): readonly Merge[] {
  return pairs.flatMap((pair) => {
    const choice = choices.get(keyOf(pair));
    return choice?.merged ? mergeOf(pair, choice.turned) : [];
  });
}

/** Why a pair cannot be merged beside the others that are chosen; undefined if it can. */
export function clashOf(merge: Merge, all: readonly Merge[]): string | undefined {
  if (all.some(({ drop }) => drop === merge.keep)) return "What is kept here goes in another pair: keep the other one, or leave one of the pairs out.";
  if (all.filter(({ drop }) => drop === merge.drop).length > 1) return "What goes here goes in another pair, too: leave one of the pairs out.";
  return undefined;
}

/** "Both have zoe@example.com; their names are alike" */
export function reasonsOf({ reasons }: Pick<Pair, "reasons">): string {
  const text = reasons.join("; ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
