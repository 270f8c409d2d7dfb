// What follows from a listing's fields: what it asks for a square foot, how long it has been for sale, its photos, what it cost before.

import type { HistoryStep } from "../contract";
import type { CrmRecord } from "../modules/modules";
import { daysBetween } from "../zones";

const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** In cents: what it was sold for, else what is asked. */
export function priceOf(listing: CrmRecord): number | undefined {
  const sold = listing.status === "sold" ? number(listing["soldPriceCents"]) : undefined;
  return sold ?? number(listing["listPriceCents"]);
}

/** Whole cents for a square foot. */
export function perSquareFoot(listing: CrmRecord): number | undefined {
  const [price, feet] = [priceOf(listing), number(listing["squareFeet"])];
  return price === undefined || !feet ? undefined : Math.round(price / feet / 100) * 100;
}

/**
 * From the day it was listed to the day it was sold, or to today while it is for sale or under contract. Undefined of what is not on the
 * market yet or any more: nobody wrote down the day it left.
 */
export function daysOnMarket(listing: CrmRecord, today: string): number | undefined {
  const from = listing["listDate"];
  if (typeof from !== "string") return undefined;
  const sold = listing["soldDate"];
  if (listing.status === "sold") return typeof sold === "string" ? atLeastNothing(daysBetween(from, sold)) : undefined;
  return listing.status === "active" || listing.status === "pending" ? atLeastNothing(daysBetween(from, today)) : undefined;
}

const atLeastNothing = (days: number): number | undefined => (days >= 0 ? days : undefined);

interface Image {
  position?: string;
  url?: string;
}

/** Where its photos are, in their order. */
export function imagesOf(listing: CrmRecord): readonly string[] {
  const images = Object.values((listing["images"] as Record<string, Image> | undefined) ?? {});
  return images
    .toSorted((one, other) => ((one.position ?? "~") < (other.position ?? "~") ? -1 : 1))
    .flatMap(({ url }) => (typeof url === "string" ? [url] : []));
}

/** The first that this page may show: the policy lets in nothing from elsewhere, which would tell a stranger who looks at what. */
export function photoOf(listing: CrmRecord, origin: string): string | undefined {
  return imagesOf(listing).find((url) => url.startsWith(`${origin}/`));
}

export interface PriceStep {
  readonly version: number;
  readonly at: string;
  readonly by: string;
  readonly kind: "listed" | "changed" | "sold";
  readonly cents: number;
  readonly percent?: number; // against the price before, or of what was asked last
}

/** Newest first, of a history that is newest first. */
export function priceSteps(newestFirst: readonly HistoryStep[]): readonly PriceStep[] {
  const steps: PriceStep[] = [];
  let asked: number | undefined;
  for (const { version, at, by, changes } of newestFirst.toReversed()) {
    const [list, sold] = [number(changes["listPriceCents"]), number(changes["soldPriceCents"])];
    if (list !== undefined && list !== asked) {
      steps.push({ version, at, by, kind: asked === undefined ? "listed" : "changed", cents: list, ...percent(asked, list) });
      asked = list;
    }
    if (sold !== undefined) steps.push({ version, at, by, kind: "sold", cents: sold, ...percent(asked, sold) });
  }
  return steps.toReversed();
}

function percent(before: number | undefined, after: number): { percent?: number } {
  return before ? { percent: ((after - before) / before) * 100 } : {};
}
