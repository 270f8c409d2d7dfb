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
  readonly searched: readonly string[];
}

const CONTACT = ["firstName", "lastName", "company", "email", "phone", "emails", "phones", "tags"];
const PERSON = ["lastName", "firstName", "company"];

export const listed: Readonly<Record<Noun, Listed>> = {
  escrow: {
    status: "opened",
    date: "closeOfEscrowDate",
    name: ["propertyAddress", "city"],
    price: "purchasePriceCents",
    filters: { city: "city", clientId: "clientIds", listingId: "listingId" },
    searched: [
      ..."escrowNumber propertyAddress city zip buyerName sellerName escrowCompany titleCompany".split(" "),
      "lenderName",
      "notes",
    ],
  },
  listing: {
    status: "active",
    date: "soldDate",
    name: ["address", "city"],
    price: "listPriceCents",
    filters: { city: "city" },
    searched: ["mlsNumber", "address", "city", "zip", "description", "notes"],
  },
  client: {
    status: "active",
    name: PERSON,
    filters: { tag: "tags", city: "city" },
    searched: [...CONTACT, "address", "city", "zip", "notes"],
  },
  appointment: {
    status: "scheduled",
    date: "startsAt",
    ends: "endsAt",
    name: ["title"],
    filters: { clientId: "clientId", listingId: "listingId", leadId: "leadId" },
    searched: ["title", "location", "description"],
  },
  lead: {
    status: "new",
    name: PERSON,
    price: "budgetCents",
    filters: { tag: "tags", source: "source", clientId: "clientId" },
    searched: [...CONTACT, "notes"],
  },
};
