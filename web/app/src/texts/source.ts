// Where in a text something stands, and the text in pieces that say what stands on them. Pure.

/** Counted in code points, as the server counts. `words`: what stands there. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly words: string;
}

export interface Piece {
  readonly start: number;
  readonly text: string;
  /** The names of all whose place it lies in, those first of whom it is the most. */
  readonly names: readonly string[];
}

/** All of the text, cut wherever a place begins or ends. */
export function piecesOf(text: string, places: readonly (readonly [name: string, place: Place])[]): readonly Piece[] {
  const points = Array.from(text);
  const narrowest = places.toSorted(([, one], [, other]) => one.end - one.start - (other.end - other.start));
  const cuts = [...new Set([0, points.length, ...places.flatMap(([, { start, end }]) => [start, end])])].filter((cut) => cut >= 0 && cut <= points.length).toSorted((one, other) => one - other);
  return cuts.slice(0, -1).map((start, at) => ({
    start,
    text: points.slice(start, cuts[at + 1]).join(""),
    names: narrowest.flatMap(([name, place]) => (place.start <= start && start < place.end ? name : [])),
  }));
}

const LONGEST = 80; // characters

/** “closing August 3” */
export function quoted(words: string): string {
  const plain = words.replaceAll(/\s+/g, " ").trim();
  return `“${plain.length > LONGEST ? `${plain.slice(0, LONGEST)} …` : plain}”`;
}

export const isPlace = (value: object): value is Place => "start" in value && "end" in value && "words" in value;
