import { describe, expect, it } from "vitest";
import { agendaOf } from "../src/appointments/agendaDays";
import { overlapsOf } from "../src/appointments/overlaps";
import { changeOf, daysOf, hoursText, spanOf, type Times, timesOf, whenText, wholeDays } from "../src/appointments/times";
import { calendarSearch, listOf, rangeOf, stepFrom } from "../src/appointments/views";
import type { CrmRecord } from "../src/modules/modules";

const LA = "America/Los_Angeles";

function appointment(id: string, startsAt: string, endsAt: string, more: Record<string, unknown> = {}): CrmRecord {
  return {
    id,
    version: 1,
    status: "scheduled",
    archived: false,
    ownerId: "ava",
    visibility: "team",
    createdAt: startsAt,
    createdBy: "ava",
    updatedAt: startsAt,
    updatedBy: "ava",
    can: ["edit"],
    title: id,
    startsAt,
    endsAt,
    ...more,
  };
}

const idsOf = (records: readonly CrmRecord[] | undefined) => records?.map(({ id }) => id);

describe("overlaps", () => {
  const one = appointment("one", "2026-03-04T18:00:00Z", "2026-03-04T19:00:00Z");
  const across = appointment("across", "2026-03-04T18:30:00Z", "2026-03-04T20:00:00Z");
  const after = appointment("after", "2026-03-04T20:00:00Z", "2026-03-04T21:00:00Z");

  it("are of the same owner at the same time, named on both", () => {
    const found = overlapsOf([one, across, after]);
    expect(idsOf(found.get("one"))).toEqual(["across"]);
    expect(idsOf(found.get("across"))).toEqual(["one"]);
    expect(found.has("after")).toBe(false);
  });

  it("are of whoever attends, too, and of nobody else", () => {
    const bens = { ...across, ownerId: "ben" };
    expect(overlapsOf([one, bens]).size).toBe(0);
    expect(overlapsOf([one, { ...bens, attendeeIds: { ava: true } }]).size).toBe(2);
  });

  it("do not count what is off, archived or lasts all day", () => {
    for (const more of [{ status: "cancelled" }, { status: "no_show" }, { archived: true }, { allDay: true, timeZone: LA }]) {
      expect(overlapsOf([one, { ...across, ...more }]).size).toBe(0);
    }
  });

  it("are found behind a short one that has ended", () => {
    const long = appointment("long", "2026-03-04T17:00:00Z", "2026-03-04T23:00:00Z");
    const found = overlapsOf([long, one, after]);
    expect(idsOf(found.get("long"))).toEqual(["one", "after"]);
    expect(idsOf(found.get("after"))).toEqual(["long"]);
  });
});

describe("an appointment's times", () => {
  it("are those of the zone, with its name, which changes in March", () => {
    const before = timesOf(appointment("a", "2026-03-07T18:00:00Z", "2026-03-07T19:00:00Z"));
    const after = timesOf(appointment("a", "2026-03-08T17:00:00Z", "2026-03-08T18:00:00Z"));
    expect(whenText(before, LA)).toBe("Mar 7, 2026, 10:00 AM – 11:00 AM PST");
    expect(whenText(after, LA)).toBe("Mar 8, 2026, 10:00 AM – 11:00 AM PDT");
    expect(hoursText(before, "America/New_York")).toBe("1:00 PM – 2:00 PM EST");
  });

  it("tell both names of the zone when the clocks change in between", () => {
    const night = timesOf(appointment("a", "2026-11-01T08:30:00Z", "2026-11-01T09:30:00Z"));
    expect(hoursText(night, LA)).toBe("1:30 AM PDT – 1:30 AM PST");
  });

  it("end with the day before, if they end at midnight", () => {
    const late = timesOf(appointment("a", "2026-03-05T05:00:00Z", "2026-03-05T08:00:00Z"));
    expect(daysOf(late, LA)).toEqual({ first: "2026-03-04", last: "2026-03-04" });
  });

  it("that last all day are the days of their own zone, wherever one looks from", () => {
    const days = wholeDays("2026-03-07", "2026-03-09", LA); // 71 hours
    expect(days).toMatchObject({ startsAt: "2026-03-07T08:00:00.000Z", endsAt: "2026-03-10T07:00:00.000Z" });
    expect(spanOf(days, "Asia/Kolkata")).toEqual({ start: "2026-03-07", end: "2026-03-10", allDay: true });
  });

  it("differ in what was moved alone", () => {
    const before: Times = { startsAt: "2026-03-04T18:00:00.000Z", endsAt: "2026-03-04T19:00:00Z", allDay: false };
    expect(changeOf(before, { ...before, endsAt: "2026-03-04T19:00:00.000Z" })).toEqual({});
    expect(changeOf(before, wholeDays("2026-03-04", "2026-03-04", LA))).toMatchObject({ allDay: true, timeZone: LA });
    expect(changeOf(wholeDays("2026-03-04", "2026-03-04", LA), before)).toMatchObject({ allDay: false, timeZone: null });
  });
});

describe("the agenda", () => {
  it("has what lasts three days on each of them, all-day first, and leaves out what lies outside", () => {
    const fair = appointment("fair", "2026-03-06T18:00:00Z", "2026-03-09T01:00:00Z");
    const showing = appointment("showing", "2026-03-07T16:00:00Z", "2026-03-07T17:00:00Z");
    const off = { ...appointment("off", "", ""), ...wholeDays("2026-03-07", "2026-03-07", LA) };
    const days = agendaOf([fair, showing, off], LA, "2026-03-07", "2026-03-20");
    expect(days.map(([day, on]) => [day, idsOf(on)])).toEqual([
      ["2026-03-07", ["off", "fair", "showing"]],
      ["2026-03-08", ["fair"]],
    ]);
  });
});

describe("a view", () => {
  it("shows whole weeks of a month, and asks for days of the zone", () => {
    expect(rangeOf("month", "2026-03-15")).toEqual({ from: "2026-03-01", to: "2026-04-04" });
    expect(rangeOf("month", "2026-02-10")).toEqual({ from: "2026-02-01", to: "2026-02-28" });
    expect(listOf({ owner: "ava" }, "week", "2026-03-11", LA)).toEqual({
      from: "2026-03-08",
      to: "2026-03-14",
      tz: LA,
      sort: "date",
      owner: "ava",
    });
  });

  it("steps over the ends of months and years", () => {
    expect(stepFrom("month", "2026-01-31", 1)).toBe("2026-02-28");
    expect(stepFrom("month", "2026-01-31", -1)).toBe("2025-12-31");
    expect(stepFrom("week", "2026-03-04", 1)).toBe("2026-03-11");
    expect(stepFrom("day", "2026-12-31", 1)).toBe("2027-01-01");
  });

  it("takes from the address what it knows alone", () => {
    expect(calendarSearch({ view: "month", day: "2026-03-08", owner: "u1", q: "x" })).toEqual({ view: "month", day: "2026-03-08", owner: "u1" });
    expect(calendarSearch({ view: "year", day: "2026-13-40" })).toEqual({});
  });
});
