// What stands in a form and was not sent: kept for this tab, over a reload or the end of a session, until it is saved,
// given up, or its person signs out.

const PREFIX = "openhouse-draft:";

export interface Draft<Content> {
  readonly at: number; // in milliseconds since 1970
  readonly content: Content;
}

type Keep = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** `place`: the address of the form. */
export function readDraft<Content>(user: string, place: string, store: Keep = sessionStorage): Draft<Content> | undefined {
  try {
    const text = store.getItem(nameOf(user, place));
    return text === null ? undefined : (JSON.parse(text) as Draft<Content>);
  } catch {
    return undefined;
  }
}

export function writeDraft(user: string, place: string, draft: Draft<unknown>, store: Keep = sessionStorage): void {
  try {
    store.setItem(nameOf(user, place), JSON.stringify(draft));
  } catch {
    // Full, or not allowed: it stands in the form nonetheless.
  }
}

export function dropDraft(user: string, place: string, store: Keep = sessionStorage): void {
  try {
    store.removeItem(nameOf(user, place));
  } catch {
    // nothing is kept here
  }
}

/** The addresses of forms that somebody has left unfinished. */
export function draftsOf(user: string, store: Keep = sessionStorage): string[] {
  const start = nameOf(user, "");
  return namesIn(store).flatMap((name) => (name.startsWith(start) ? [name.slice(start.length)] : []));
}

export function wipeDrafts(store: Keep = sessionStorage): void {
  try {
    for (const name of namesIn(store)) if (name.startsWith(PREFIX)) store.removeItem(name);
  } catch {
    // nothing is kept here
  }
}

const nameOf = (user: string, place: string): string => `${PREFIX}${user}:${place}`;

function namesIn(store: Keep): string[] {
  return Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
}
