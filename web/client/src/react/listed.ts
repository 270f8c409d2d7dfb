/** What lists of each module are sorted and narrowed by. */

import type { Noun } from "../types.js";

export interface Listed {
  /** The status of a record that is made without one. */
  readonly status: string;
  /** The natural date; where it is the begin of something, its end. */
  readonly date?: string;
  readonly ends?: string;
  readonly name: readonly string[];
  readonly price?: string;
  /** A parameter, and the field that has its value. */
  readonly filters: Readonly<Record<string, string>>;
}

const person = ["lastName", "firstName", "company"];

export const listed: Readonly<Record<Noun, Listed>> = {
  escrow: {
    status: "opened",
    date: "closeOfEscrowDate",
    name: ["propertyAddress", "city"],
    price: "purchasePriceCents",
    filters: { city: "city", clientId: "clientIds", listingId: "listingId" },
  },
  listing: {
    status: "active",
    date: "soldDate",
    name: ["address", "city"],
    price: "listPriceCents",
    filters: { city: "city" },
  },
  client: { status: "active", name: person, filters: { tag: "tags", city: "city" } },
  appointment: {
    status: "scheduled",
    date: "startsAt",
    ends: "endsAt",
    name: ["title"],
    filters: { clientId: "clientId", listingId: "listingId", leadId: "leadId" },
  },
  lead: {
    status: "new",
    name: person,
    price: "budgetCents",
    filters: { tag: "tags", source: "source", clientId: "clientId" },
  },
};
