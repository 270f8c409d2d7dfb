// What listings look like in a table: what one compares them by.

import type { ListColumn } from "../lists/looks";
import type { CrmRecord } from "../modules/modules";
import { dayOf, money, words } from "../ui/words";
import { daysOnMarket, perSquareFoot, priceOf } from "./facts";

const moneyOf = (cents: number | undefined): string => (cents === undefined ? "" : money(cents));
const numberOf = (value: unknown): string => (typeof value === "number" && value > 0 ? value.toLocaleString() : "");

const numbers = (label: string, width: string, cell: (record: CrmRecord) => string | number): ListColumn => ({ label, width, right: true, cell });

export const LISTING_COLUMNS: readonly ListColumn[] = [
  numbers("Price", "96px", (record) => moneyOf(priceOf(record))),
  numbers("Beds", "56px", (record) => numberOf(record["bedrooms"])),
  numbers("Baths", "60px", (record) => numberOf(record["bathrooms"])),
  numbers("Sq ft", "68px", (record) => numberOf(record["squareFeet"])),
  numbers("$/sq ft", "72px", (record) => moneyOf(perSquareFoot(record))),
  numbers("Days on market", "120px", (record) => daysOnMarket(record, dayOf(new Date())) ?? ""),
  { label: "Kind", width: "104px", roomy: true, cell: (record) => (typeof record["propertyType"] === "string" ? words(record["propertyType"]) : "") },
  { label: "MLS number", width: "108px", roomy: true, cell: (record) => String(record["mlsNumber"] ?? "") },
];
