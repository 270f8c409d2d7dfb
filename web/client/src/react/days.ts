/** Days in time zones. */

const DAY = 86_400_000;

/** When a day begins in a time zone. Where clocks go forward at midnight, it begins at the first moment there is. */
export function dayBegins(day: string, zone: string): number {
  const midnight = Date.parse(day);
  const [before, after] = [offset(midnight - DAY, zone), offset(midnight + DAY, zone)];
  const first = midnight - before;
  if (offset(first, zone) === before || offset(midnight - after, zone) !== after) return first;
  return midnight - after;
}

/** Its last millisecond. */
export function dayEnds(day: string, zone: string): number {
  return dayBegins(new Date(Date.parse(day) + DAY).toISOString().slice(0, 10), zone) - 1;
}

/** Milliseconds that a zone's clocks are ahead of UTC then. */
function offset(moment: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(moment);
  const [year, month, date, hour, minute, second] = ["year", "month", "day", "hour", "minute", "second"].map((type) =>
    Number(parts.find((part) => part.type === type)?.value),
  ) as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, date, hour, minute, second) - Math.floor(moment / 1_000) * 1_000;
}
