// The commission, worked out from price and percent. Pure.

import type { Escrow } from "./escrow";

type Terms = Pick<Escrow, "purchasePriceCents" | "commissionPercent">;

/** In cents, half a cent up; undefined while something is missing. A percent has up to three places. */
export function workedOut({ purchasePriceCents, commissionPercent }: Terms): number | undefined {
  if (purchasePriceCents === undefined || commissionPercent === undefined) return undefined;
  if (!Number.isSafeInteger(purchasePriceCents) || !Number.isFinite(commissionPercent)) return undefined;
  const thousandths = BigInt(Math.round(commissionPercent * 1000));
  return Number((BigInt(purchasePriceCents) * thousandths + 50_000n) / 100_000n);
}

export interface Commission {
  readonly cents: number | undefined;
  readonly by: "nobody" | "rule" | "hand"; // where the figure comes from
  readonly rule: number | undefined; // what price and percent make
}

/** What is written counts; without it, what price and percent make. */
export function commissionOf(escrow: Pick<Escrow, "commissionTotalCents"> & Terms): Commission {
  const rule = workedOut(escrow);
  const given = escrow.commissionTotalCents;
  if (given === undefined) return { cents: rule, by: rule === undefined ? "nobody" : "rule", rule };
  return { cents: given, by: given === rule ? "rule" : "hand", rule };
}

/** What stands in the field of the total after price or percent have changed: a figure that somebody corrected stays. */
export function followed(total: number | undefined, before: Terms, after: Terms): number | undefined {
  const follows = total === undefined || total === workedOut(before);
  return follows ? (workedOut(after) ?? total) : total;
}
