// The description of a listing that is proposed, and what it was made of. Pure.

import type { Task } from "@openhouse/client";
import { moduleOf } from "../modules/modules";
import { textOf } from "../modules/values";
import { words } from "../ui/words";

export interface Described {
  readonly engine: string;
  readonly listing: string;
  readonly text: string;
  readonly refused: readonly { readonly sentence: string; readonly reasons: readonly string[] }[];
  readonly facts: Readonly<Record<string, unknown>>;
}

export function describedOf({ proposal }: Pick<Task, "proposal">): Described | undefined {
  return proposal && typeof proposal["text"] === "string" && Array.isArray(proposal["refused"]) ? (proposal as unknown as Described) : undefined;
}

/** What it may say, as people read it. */
export function factsOf({ facts }: Described): readonly { readonly name: string; readonly label: string; readonly text: string }[] {
  const fields = moduleOf("listing")?.fields ?? {};
  return Object.entries(facts).map(([name, value]) => {
    const { [name]: field } = fields;
    return { name, label: field?.label ?? words(name), text: field ? textOf(field, value) : String(value) };
  });
}

/** Nothing, where it is kept as it was proposed. */
export const answerOf = ({ text }: Described, typed: string): { text: string } | undefined => (typed.trim() === text ? undefined : { text: typed.trim() });
