// What a pasted text has to be, to be read. Pure.

export const MOST = 40_000; // characters, as the server counts them

/** Code points, without what is around it. */
export const lengthOf = (text: string): number => Array.from(text.trim()).length;

/** Why it cannot be read; undefined if it can. */
export function refusalOf(text: string): string | undefined {
  const length = lengthOf(text);
  if (length === 0) return "Paste a text first.";
  return length > MOST ? `This text has ${length.toLocaleString()} characters; ${MOST.toLocaleString()} can be read at once. Leave out what is not needed.` : undefined;
}
