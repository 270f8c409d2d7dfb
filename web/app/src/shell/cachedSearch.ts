// A search among the records that this browser has, for when the server cannot be asked. Pure.

type Wire = Readonly<Record<string, unknown>>;

/** Those that have every word, as the beginning of one of theirs; accents, case and punctuation do not count. */
export function foundIn<R extends Wire>(records: Iterable<R>, text: string, most: number): R[] {
  const wanted = wordsOf(text);
  if (wanted.length === 0) return [];
  const found: R[] = [];
  for (const record of records) {
    if (found.length === most) break;
    const known = wordsOf(textsIn(record).join(" "));
    if (wanted.every((word) => known.some((each) => each.startsWith(word)))) found.push(record);
  }
  return found;
}

const OTHERS: ReadonlySet<string> = new Set(["id", "room", "createdAt", "createdBy", "updatedAt", "updatedBy", "ownerId", "teamId"]);

function textsIn(record: Wire): string[] {
  return Object.entries(record).flatMap(([name, value]) => (typeof value === "string" && !OTHERS.has(name) ? [value, ...numbers(name, value)] : []));
}

/** The groups of a telephone number, as people type them. */
function numbers(name: string, value: string): string[] {
  const parts = name.toLowerCase().includes("phone") ? /^\+1(\d{3})(\d{3})(\d{4})/.exec(value) : null;
  return parts ? parts.slice(1) : [];
}

function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}|['’]/gu, "").toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}
