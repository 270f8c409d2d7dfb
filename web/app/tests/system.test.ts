import type { Maintenance } from "@openhouse/client/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseZone } from "../src/ownZone";
import { countdown, maintenanceText, overText, spanText } from "../src/system/words";

const at = (time: string): number => Date.parse(`2026-03-05T${time}Z`); // 10:00 PM of March 4 in Los Angeles is 06:00 here

const maintenance = (more: Partial<Maintenance> = {}): Maintenance => ({
  text: "A larger database.",
  announced: { startsAt: "2026-03-05T06:00:00.000Z", endsAt: "2026-03-05T06:30:00.000Z" },
  startsAt: at("06:00:00"),
  endsAt: at("06:30:00"),
  isOn: false,
  isLate: false,
  updatedAt: "2026-03-04T20:00:00.000Z",
  ...more,
});

const plain = (text: string): string => text.replaceAll(/\s/g, " ");

describe("maintenance in words", () => {
  beforeEach(() => chooseZone("America/Los_Angeles"));
  afterEach(() => chooseZone(undefined));

  it("that is ahead, on, and late", () => {
    expect(plain(maintenanceText(maintenance(), at("05:00:00")))).toBe("Maintenance from 10:00 PM to 10:30 PM PST. A larger database.");
    expect(plain(maintenanceText(maintenance(), at("05:00:00") - 86_400_000))).toBe("Maintenance from Mar 4, 2026, 10:00 PM to 10:30 PM PST. A larger database.");
    expect(plain(maintenanceText(maintenance({ isOn: true }), at("06:10:00")))).toBe(
      "Maintenance since 10:00 PM, expected to end at 10:30 PM PST. A larger database.",
    );
    expect(plain(maintenanceText(maintenance({ isOn: true, isLate: true }), at("06:31:00")))).toBe(
      "Maintenance was expected to end at 10:30 PM PST, and is not over yet. A larger database.",
    );
  });

  it("is at the times that were announced, though this machine's clock is not quite the server's", () => {
    const early = { startsAt: at("05:59:59.870"), endsAt: at("06:29:59.870") };
    expect(plain(maintenanceText(maintenance(early), at("05:00:00")))).toBe("Maintenance from 10:00 PM to 10:30 PM PST. A larger database.");
    expect(countdown(maintenance(early), at("05:47:55"))).toBe("begins in 12:05");
  });

  it("counts down to its begin, then to its end, and then to nothing", () => {
    expect(countdown(maintenance(), at("05:47:55"))).toBe("begins in 12:05");
    expect(countdown(maintenance({ isOn: true }), at("06:15:28"))).toBe("14:32 left");
    expect(countdown(maintenance({ isOn: true, isLate: true }), at("06:31:00"))).toBe("");
    expect([spanText(3 * 86_400_000), spanText(11_520_000), spanText(9_100), spanText(-5)]).toEqual(["3 days", "3 h 12 min", "0:10", "0:00"]);
  });

  it("is over, or is called off", () => {
    expect(overText(maintenance(), at("06:20:00"))).toBe("Maintenance is over. Everything works as usual.");
    expect(overText(maintenance(), at("05:20:00"))).toBe("The maintenance will not take place.");
  });
});
