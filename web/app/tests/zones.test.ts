import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { addDays, dayIn, daysBetween, momentAt, startOfDay, wallClock, zoneName } from "../src/zones";

const LA = "America/Los_Angeles";
const CHANGES = [
  [LA, "2026-03-07"],
  [LA, "2026-10-31"],
  ["Europe/Berlin", "2026-03-28"],
  ["Europe/Berlin", "2026-10-24"],
  ["Australia/Lord_Howe", "2026-04-04"], // by half an hour
  ["Asia/Kolkata", "2026-03-07"],
] as const;

describe("a time zone", () => {
  it("has no 2:30 on the day the clocks go forward in March: what is typed so is an hour later", () => {
    expect(momentAt("2026-03-08T02:30", LA).toISOString()).toBe("2026-03-08T10:30:00.000Z");
    expect(wallClock(new Date("2026-03-08T10:30:00Z"), LA)).toBe("2026-03-08T03:30");
    expect(zoneName(LA, new Date("2026-03-08T09:59:00Z"))).toBe("PST");
    expect(zoneName(LA, new Date("2026-03-08T10:00:00Z"))).toBe("PDT");
  });

  it("has 1:30 twice on the day they go back in November: what is typed is the first", () => {
    expect(momentAt("2026-11-01T01:30", LA).toISOString()).toBe("2026-11-01T08:30:00.000Z");
    expect(wallClock(new Date("2026-11-01T09:30:00Z"), LA)).toBe("2026-11-01T01:30");
  });

  it("has a day of 23 hours in March and one of 25 in November", () => {
    const hours = (day: string) => (startOfDay(addDays(day, 1), LA).getTime() - startOfDay(day, LA).getTime()) / 3_600_000;
    expect([hours("2026-03-07"), hours("2026-03-08"), hours("2026-11-01")]).toEqual([24, 23, 25]);
  });

  it("agrees with Temporal in each half hour around the changes, both ways", () => {
    for (const [zone, day] of CHANGES) {
      for (let half = 0; half < 96; half++) {
        const moment = Temporal.Instant.from(`${day}T00:00Z`).add({ minutes: half * 30 });
        const there = moment.toZonedDateTimeISO(zone).toPlainDateTime();
        expect(wallClock(new Date(moment.epochMilliseconds), zone)).toBe(there.toString().slice(0, 16));
        const typed = Temporal.PlainDateTime.from(`${day}T00:00`).add({ minutes: half * 30 });
        const text = typed.toString();
        expect(`${text} ${momentAt(text, zone).getTime()}`).toBe(`${text} ${typed.toZonedDateTime(zone).epochMilliseconds}`);
      }
    }
  });

  it("tells what day it is there", () => {
    expect(dayIn(new Date("2026-03-01T07:30:00Z"), LA)).toBe("2026-02-28");
    expect(dayIn(new Date("2026-03-01T07:30:00Z"), "Asia/Kolkata")).toBe("2026-03-01");
    expect(daysBetween("2026-02-27", "2026-03-02")).toBe(3);
  });

  it("makes no moment of what is no time", () => {
    expect(momentAt("soon", LA).getTime()).toBeNaN();
  });
});
