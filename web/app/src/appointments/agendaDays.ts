import type { CrmRecord } from "../modules/modules";
import { addDays } from "../zones";
import { daysOf, timesOf } from "./times";

/** The days that have something on, each with what is on: what lasts for three of them is on each. All-day first, then by time. */
export function agendaOf(records: readonly CrmRecord[], zone: string, from: string, to: string): [string, CrmRecord[]][] {
  const days = new Map<string, CrmRecord[]>();
  for (const record of records) {
    const { first, last } = daysOf(timesOf(record), zone);
    for (let day = first > from ? first : from; day <= last && day <= to; day = addDays(day, 1)) {
      const known = days.get(day);
      if (known) known.push(record);
      else days.set(day, [record]);
    }
  }
  const start = (record: CrmRecord) => (record["allDay"] === true ? 0 : Date.parse(String(record["startsAt"])));
  return [...days]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([day, on]) => [day, on.toSorted((one, other) => start(one) - start(other))]);
}
