// Mentions of people in long texts, `@[Name](userId)` as they are stored; people see `@Name`. Pure.

export interface Person {
  readonly id: string;
  readonly name: string;
}

export type Part = string | Person;

// As the server has it in openhouse/crm/mentions.py.
const MENTION = /@\[([^[\]\n]{1,300})\]\(([^\s#:/()]{1,128})\)/g;

/** What it is made of, in order. */
export function partsOf(stored: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of stored.matchAll(MENTION)) {
    if (match.index > from) parts.push(stored.slice(from, match.index));
    parts.push({ name: match[1] ?? "", id: match[2] ?? "" });
    from = match.index + match[0].length;
  }
  if (from < stored.length) parts.push(stored.slice(from));
  return parts;
}

/** As people see it. */
export function shownText(stored: string): string {
  return partsOf(stored).map(faceOf).join("");
}

/** What people see of it. */
export const faceOf = (part: Part): string => (typeof part === "string" ? part : `@${part.name}`);
