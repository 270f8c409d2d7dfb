// Writing a text in which people are mentioned: what is stored follows what they see and change. Pure.

import { faceOf, type Part, partsOf, type Person, shownText } from "./mentions";

/** As it is stored. A name is written without what would end it. */
const markOf = ({ id, name }: Person): string => `@[${name.replaceAll(/[[\]\n]/g, " ").trim().slice(0, 300)}](${id})`;

/** Part of a text, by places of what people see. A mention of which only some is in it is mere text. */
function slice(parts: readonly Part[], from: number, to: number): string {
  let [text, at] = ["", 0];
  for (const part of parts) {
    const face = faceOf(part);
    const [start, end] = [Math.max(from - at, 0), Math.min(to - at, face.length)];
    if (start < end) text += typeof part !== "string" && start === 0 && end === face.length ? markOf(part) : face.slice(start, end);
    at += face.length;
  }
  return text;
}

/** What is stored after somebody has made `after` of what they saw; `caret`: where they are in it then. */
export function edited(stored: string, after: string, caret = after.length): string {
  const parts = partsOf(stored);
  const before = shownText(stored);
  const rest = after.slice(caret); // stands as it was, if it was done at the caret
  const tail = before.endsWith(rest) ? rest.length : commonTail(before, after);
  let head = 0;
  const room = Math.min(before.length, after.length) - tail;
  while (head < room && before[head] === after[head]) head += 1;
  return slice(parts, 0, head) + after.slice(head, after.length - tail) + slice(parts, before.length - tail, before.length);
}

function commonTail(before: string, after: string): number {
  let tail = 0;
  while (tail < Math.min(before.length, after.length) && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return tail;
}

/** The name that somebody begins to type before the caret, by places of what people see. */
export interface Asked {
  readonly from: number; // of its @
  readonly to: number;
  readonly name: string;
}

const BEGUN = /(?:^|[\s(])@([^\s@[\]()][^@[\]()\n]{0,60})?$/;

export function asked(stored: string, caret: number): Asked | undefined {
  const found = BEGUN.exec(shownText(stored).slice(0, caret));
  if (!found) return undefined;
  const name = found[1] ?? "";
  const from = caret - name.length - 1;
  let at = 0;
  for (const part of partsOf(stored)) {
    if (typeof part !== "string" && at === from) return undefined; // it is one already
    at += faceOf(part).length;
  }
  return { from, to: caret, name };
}

/** Those of whose names a word begins like that, as far as it goes. */
export function matching(people: readonly Person[], name: string, most = 6): readonly Person[] {
  const wanted = name.trim().toLowerCase();
  const fits = ({ name: full }: Person): boolean => {
    const text = full.toLowerCase();
    return text.startsWith(wanted) || text.split(/\s+/).some((word) => word.startsWith(wanted));
  };
  return people.filter(fits).toSorted((one, other) => one.name.localeCompare(other.name)).slice(0, most);
}

/** With that person where their name was begun; `caret`: behind it, and a space. */
export function completed(stored: string, { from, to }: Asked, person: Person): { stored: string; caret: number } {
  const parts = partsOf(stored);
  const rest = slice(parts, to, Infinity);
  const mark = markOf(person);
  const space = rest.startsWith(" ") ? "" : " ";
  return { stored: slice(parts, 0, from) + mark + space + rest, caret: from + shownText(mark).length + 1 };
}
