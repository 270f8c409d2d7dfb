// The figures of the plots. Pure.

export interface Month {
  readonly month: string; // 2026-03
  readonly label: string; // Mar
  readonly cents: number;
}

const short = new Intl.DateTimeFormat("en-US", { month: "short", timeZone: "UTC" });

/** So many months up to this one, those without a commission too. */
export function lastMonths(byMonth: Readonly<Record<string, number>>, thisMonth: string, count: number): Month[] {
  const [year = 0, month = 1] = thisMonth.split("-").map(Number);
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(Date.UTC(year, month - count + at, 1));
    const name = day.toISOString().slice(0, 7);
    return { month: name, label: short.format(day), cents: byMonth[name] ?? 0 };
  });
}

/** What a bar is measured by: the largest, rounded up to 1, 2 or 5 times a power of ten. */
export function topOf(values: readonly number[]): number {
  const largest = Math.max(0, ...values);
  if (largest === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return ([1, 2, 5, 10].find((step) => step * power >= largest) ?? 10) * power;
}

interface Share {
  readonly status: string;
  readonly count: number;
  readonly part: number; // of 1
}

/** Of the statuses that have any, in the order of the module. */
export function sharesOf(counts: Readonly<Record<string, number>>, order: readonly string[]): Share[] {
  const total = order.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
  return order.flatMap((status) => {
    const count = counts[status] ?? 0;
    return count > 0 ? [{ status, count, part: count / total }] : [];
  });
}
