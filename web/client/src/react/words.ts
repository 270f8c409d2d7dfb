/** Texts as the server compares them when somebody searches: words without case, accents, apostrophes and punctuation. */

const LONGEST_WORD = 40;
const MOST_WORDS = 200; // of one record
const HOME_DIGITS = 11; // of a number of North America with its 1
const LEAST_GROUP = 3;

const APOSTROPHES = /['`´’‘‛′ʹʻʼʽʾʿˈ＇]/gu;
const PHONE = /^\+([1-9]\d{6,14})(?:;ext=(\d+))?$/; // as it is stored
/** Letters that do not come apart into one of a to z and an accent, and what they become. */
const LETTERS = new Map(
  "ß ss,ς σ,ı i,ø o,đ d,ð d,ħ h,ł l,ŋ n,œ oe,æ ae,þ th,ŧ t".split(",").map((pair) => pair.split(" ") as [string, string]),
);
/** What is written in two ways: the last of each line is the short one. */
const TWINS = (
  "street saint st,avenue ave,boulevard blvd,drive dr,road rd,lane ln,court ct,circle cir,place pl,terrace ter," +
  "highway hwy,parkway pkwy,square sq,trail trl,cove cv,crossing xing,mount mt,fort ft,apartment apt,suite ste," +
  "building bldg,north n,south s,east e,west w,northeast ne,northwest nw,southeast se,southwest sw"
)
  .split(",")
  .map((line) => line.split(" "));

/** Those that stand in a text, in their order: what somebody asks for. */
export function words(text: string): string[] {
  return split(text.replace(APOSTROPHES, ""));
}

/** What is equal to it is meant to be the same. */
export function folded(text: string): string {
  return words(text).join(" ");
}

/** Those that a text can be found by. */
export function searchedWords(text: string): string[] {
  const [, digits, extension] = PHONE.exec(text) ?? [];
  if (digits !== undefined) return groups(digits, extension);
  const found = words(text).flatMap((word) => [word].concat(twins(word)));
  return text.search(APOSTROPHES) < 0 ? found : [...found, ...split(text.replace(APOSTROPHES, " "))];
}

function twins(word: string): string[] {
  const line = TWINS.find((each) => each.includes(word));
  const short = line?.at(-1) ?? "";
  if (line && word === short) return line.slice(0, -1);
  return word.startsWith(short) ? [] : [short];
}

/** Whether each of the words begins one of those of the texts. */
export function isFound(asked: readonly string[], texts: Iterable<string>): boolean {
  const known = new Set<string>();
  for (const text of texts) for (const word of searchedWords(text)) if (known.size < MOST_WORDS) known.add(word);
  return asked.every((one) => [...known].some((word) => word.startsWith(one)));
}

function split(text: string): string[] {
  const plain = text.normalize("NFKD").toLowerCase().normalize("NFKD");
  const letters = Array.from(plain, (letter) => LETTERS.get(letter) ?? letter).join("");
  return (letters.replace(/\p{M}/gu, "").match(/[\p{L}\p{N}]+/gu) ?? []).map((word) =>
    Array.from(word).slice(0, LONGEST_WORD).join(""),
  );
}

/** Of a telephone number: all that begins with one of its groups. */
function groups(digits: string, extension: string | undefined): string[] {
  const home = digits.startsWith("1") && digits.length === HOME_DIGITS;
  const starts = home ? [0, 1, 4, 7] : Array.from({ length: digits.length - LEAST_GROUP + 1 }, (_, start) => start);
  const found = starts.map((start) => digits.slice(start));
  if (!home) for (const start of [1, 2, 3]) found.push(`0${digits.slice(start)}`); // as it is dialled in the country
  return extension === undefined ? found : [...found, extension];
}
