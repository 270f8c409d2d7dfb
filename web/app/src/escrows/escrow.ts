// An escrow as its screens read it. What the contract declares stands in fields.ts; here are the types of it.

import { type CrmRecord, moduleAt } from "../modules/modules";

export const ESCROWS = moduleAt("escrows");

export interface Item {
  readonly position?: string;
}

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

export type Items<Each extends Item> = Readonly<Record<string, Each>>;
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
}

export const asEscrow = (record: CrmRecord): Escrow => record as Escrow;

export const isOpen = ({ status, archived }: CrmRecord): boolean => !archived && (status === "opened" || status === "pending");

/** In their order: by position, then by id; what has no position comes last. */
export function inOrder<Each extends Item>(items: Items<Each> | undefined): [id: string, item: Each][] {
  return Object.entries(items ?? {}).toSorted(([one, { position: a = "~" }], [other, { position: b = "~" }]) => {
    if (a !== b) return a < b ? -1 : 1;
    return one < other ? -1 : 1;
  });
}
