// The ways to reach somebody: the main ones first, then the others, none twice.

import type { CrmRecord } from "../modules/modules";

export interface Way {
  readonly value: string;
  readonly label?: string;
}

function waysOf(record: CrmRecord, main: "phone" | "email", more: "phones" | "emails"): readonly Way[] {
  const first = record[main];
  const others = Object.values((record[more] as Record<string, { value?: unknown; label?: unknown; position?: string }> | undefined) ?? {})
    .toSorted((one, other) => ((one.position ?? "~") < (other.position ?? "~") ? -1 : 1))
    .flatMap(({ value, label }) =>
      typeof value === "string" ? [{ value, ...(typeof label === "string" && label ? { label } : {}) }] : [],
    );
  const all = typeof first === "string" && first ? [{ value: first }, ...others] : others;
  return all.filter(({ value }, index) => all.findIndex((other) => other.value === value) === index);
}

export const phonesOf = (record: CrmRecord): readonly Way[] => waysOf(record, "phone", "phones");
export const emailsOf = (record: CrmRecord): readonly Way[] => waysOf(record, "email", "emails");

/** An extension is dialled after a pause; a message has none. */
export const callOf = (phone: string): string => `tel:${phone.replace(";ext=", ",")}`;
export const textTo = (phone: string): string => `sms:${phone.replace(/;ext=.*/, "")}`;
export const mailTo = (email: string): string => `mailto:${email}`;
