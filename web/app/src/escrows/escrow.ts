// An escrow as its screens read it. What the contract declares stands in fields.ts; here are the types of it.

import type { StoredFile } from "../files/file";
import type { Item, Items } from "../modules/items";
import { type CrmRecord, moduleAt } from "../modules/modules";

export const ESCROWS = moduleAt("escrows");

export interface Milestone extends Item {
  readonly at: string;
  readonly title: string;
  readonly done?: boolean;
}

export interface Step extends Item {
  readonly title: string;
  readonly done?: boolean;
}

export interface Paper extends Item {
  readonly name: string;
  readonly url: string;
}

export const LISTS = ["loan", "house", "admin"] as const;
export type ListName = (typeof LISTS)[number];

export interface Escrow extends CrmRecord {
  readonly propertyAddress: string;
  readonly escrowNumber?: string;
  readonly city?: string;
  readonly state?: string;
  readonly purchasePriceCents?: number;
  readonly earnestDepositCents?: number;
  readonly downPaymentPercent?: number;
  readonly loanAmountCents?: number;
  readonly openedDate?: string;
  readonly contingencyRemovalDate?: string;
  readonly closeOfEscrowDate?: string;
  readonly actualCloseDate?: string;
  readonly buyerName?: string;
  readonly sellerName?: string;
  readonly escrowCompany?: string;
  readonly titleCompany?: string;
  readonly lenderName?: string;
  readonly commissionPercent?: number;
  readonly commissionTotalCents?: number;
  readonly agentCommissionCents?: number;
  readonly listingId?: string;
  readonly clientIds?: Readonly<Record<string, true>>;
  readonly notes?: string;
  readonly timeline?: Items<Milestone>;
  readonly checklists?: Partial<Readonly<Record<ListName, Items<Step>>>>;
  readonly documents?: Items<Paper>;
  readonly files?: Items<StoredFile>;
}

export const asEscrow = (record: CrmRecord): Escrow => record as Escrow;

export const isOpen = ({ status, archived }: CrmRecord): boolean => !archived && (status === "opened" || status === "pending");
