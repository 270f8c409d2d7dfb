// What usually has to happen in an escrow, as a state's standard contract sets the days. A beginning, to be corrected by hand.

import type { Items } from "../modules/items";
import type { ListName, Milestone, Step } from "./escrow";

interface Deadline {
  readonly id: string;
  readonly title: string;
  readonly days: number;
  readonly business?: true; // Saturdays and Sundays do not count; holidays do, as they are not known here
}

// California Residential Purchase Agreement (C.A.R.): days after acceptance.
const CALIFORNIA: readonly Deadline[] = [
  { id: "deposit", title: "Deposit received", days: 3, business: true },
  { id: "disclosures", title: "Seller's disclosures delivered", days: 7 },
  { id: "investigation", title: "Investigation contingency", days: 17 },
  { id: "loan", title: "Loan contingency", days: 21 },
];

const STEPS: Readonly<Record<ListName, readonly string[]>> = {
  loan: ["Application sent", "Appraisal ordered", "Appraisal received", "Loan approved", "Loan documents signed"],
  house: ["Inspection booked", "Inspection report read", "Request for repairs", "Repairs verified", "Final walk-through"],
  admin: ["Contract signed by all", "Escrow opened", "Disclosures signed", "Commission instructions sent", "Keys handed over"],
};

export function hasDeadlines(state: string | undefined): boolean {
  return state === "CA";
}

/** The deadlines of a contract that was accepted on this day, at five in the afternoon here. */
export function deadlines(accepted: string): Items<Milestone> {
  return Object.fromEntries(
    CALIFORNIA.map(({ id, title, days, business }, at) => {
      const day = business ? businessDaysAfter(accepted, days) : daysAfter(accepted, days);
      return [id, { title, at: new Date(`${day}T17:00:00`).toISOString(), done: false, position: positionOf(at) }];
    }),
  );
}

export function usualSteps(list: ListName): Items<Step> {
  return Object.fromEntries(STEPS[list].map((title, at) => [`step-${at + 1}`, { title, done: false, position: positionOf(at) }]));
}

const positionOf = (at: number): string => String.fromCodePoint(65 + at); // A, B, C, ...

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export function businessDaysAfter(day: string, days: number): string {
  let found = day;
  for (let left = days; left > 0; ) {
    found = daysAfter(found, 1);
    const weekday = new Date(`${found}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return found;
}
