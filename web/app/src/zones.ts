// Between moments and what a clock and a calendar show in a time zone. Wall clock times are `2026-03-08T01:30`, days `2026-03-08`.

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(zone, made);
  return made;
}

/** What the clocks of the zone show at that moment, to the minute. */
export function wallClock(moment: Date, zone: string): string {
  const parts = Object.fromEntries(formatOf(zone).formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${parts["year"]?.padStart(4, "0")}-${parts["month"]}-${parts["day"]}T${parts["hour"]}:${parts["minute"]}`;
}

/**
 * When the clocks of the zone show that. Of an hour that comes twice in autumn the first; in the hour that spring leaves out, as much
 * later as it is long: as Temporal's "compatible" has it. NaN of what is no time.
 */
export function momentAt(wall: string, zone: string): Date {
  const asUtc = Date.parse(`${wall.slice(0, 16)}Z`);
  if (Number.isNaN(asUtc)) return new Date(Number.NaN);
  const offsetAt = (moment: number) => Date.parse(`${wallClock(new Date(moment), zone)}Z`) - moment;
  const before = asUtc - offsetAt(asUtc - DAY);
  const after = asUtc - offsetAt(asUtc + DAY);
  const shown = [before, after].filter((each) => wallClock(new Date(each), zone) === wall.slice(0, 16));
  return new Date(shown.length > 0 ? Math.min(...shown) : before);
}

export function dayIn(moment: Date, zone: string): string {
  return wallClock(moment, zone).slice(0, 10);
}

/** The moment that a day begins there. */
export function startOfDay(day: string, zone: string): Date {
  return momentAt(`${day}T00:00`, zone);
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + count * DAY).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / DAY);
}

export function isZone(zone: string): boolean {
  try {
    return formatOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/** "PST", "GMT+2": how the zone is called at that moment. */
export function zoneName(zone: string, moment: Date): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" }).formatToParts(moment);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
}
