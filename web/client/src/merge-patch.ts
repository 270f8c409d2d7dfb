/** JSON merge patches (RFC 7396): how an event says what changed. */

export type Document = Readonly<Record<string, unknown>>;

/** `document` with `patch` applied: null removes, objects merge, everything else replaces. Neither is changed. */
export function merge(document: Document, patch: Document): Document {
  const merged = new Map(Object.entries(document));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else if (isDocument(value)) {
      const known = merged.get(key);
      merged.set(key, merge(isDocument(known) ? known : {}, value));
    } else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

export function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
