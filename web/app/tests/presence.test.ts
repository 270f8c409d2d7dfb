import { describe, expect, it } from "vitest";
import type { Presence, UserEntry } from "../src/contract";
import { chooseZone } from "../src/ownZone";
import { onlineCount, presenceText, rosterOf } from "../src/people/presence";

const state = (id: string, status: Presence["status"], since: string, lastSeen?: string): Presence => ({
  id,
  version: 1,
  room: "broker:demo",
  updatedAt: since,
  updatedBy: "openhouse:presence",
  status,
  since,
  ...(lastSeen === undefined ? {} : { lastSeen }),
});

const user = (userId: string, name: string): UserEntry => ({ userId, name, email: "", role: "agent", teamIds: [], invitedAt: null });

const NOW = Date.parse("2026-03-04T20:00:00Z");

describe("who is there", () => {
  it("is said in words, with the time of today, and the day before that, in one's own zone", () => {
    chooseZone("America/Los_Angeles");
    const text = (presence?: Presence) => presenceText(presence, NOW);
    expect(text(state("a", "online", "2026-03-04T17:00:00Z"))).toBe("Online");
    expect(text(state("a", "away", "2026-03-04T19:02:00Z"))).toMatch(/^Away since 11:02\sAM$/);
    expect(text(state("a", "offline", "2026-03-04T19:02:15Z", "2026-03-04T18:58:00Z"))).toMatch(/^Offline since 10:58\sAM$/);
    expect(text(state("a", "offline", "2026-03-04T02:00:00Z", "2026-03-04T02:00:00Z"))).toBe("Offline since Mar 3, 2026");
    expect(text()).toBe("Not seen yet");
    chooseZone(undefined);
  });

  it("begins with those who are there, then those who were there last", () => {
    const users = ["Zed", "Ava", "Ben", "Mia", "Josh", "Dana"].map((name) => user(name.toLowerCase(), name));
    const states = [
      state("zed", "online", "2026-03-04T17:00:00Z"),
      state("ava", "online", "2026-03-04T18:00:00Z"),
      state("ben", "away", "2026-03-04T19:00:00Z"),
      state("mia", "offline", "2026-03-03T19:00:00Z", "2026-03-03T19:00:00Z"),
      state("josh", "offline", "2026-03-04T19:00:00Z", "2026-03-04T19:00:00Z"),
    ];
    const shown = rosterOf(users, new Map(states.map((one) => [one.id, one])));
    expect(shown.map(({ user: { name } }) => name)).toEqual(["Ava", "Zed", "Ben", "Josh", "Mia", "Dana"]);
    expect([onlineCount(states, "ava"), onlineCount(states, "ben"), onlineCount([], "ava")]).toEqual([2, 3, 1]);
  });
});
