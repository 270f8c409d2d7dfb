import { describe, expect, it } from "vitest";
import { asked, completed, edited, matching } from "../src/together/mentioning";
import { partsOf, type Person, shownText } from "../src/together/mentions";
import { readersOf } from "../src/together/readers";
import type { UserEntry } from "../src/contract";

const BEN: Person = { id: "u-1", name: "Ben Ortiz" };
const STORED = "Ask @[Ben Ortiz](u-1) first.";
const SHOWN = "Ask @Ben Ortiz first.";

describe("a mention in a text", () => {
  it("is shown as a name, and is what the server reads", () => {
    expect(shownText(STORED)).toBe(SHOWN);
    expect(partsOf(STORED)).toEqual(["Ask ", BEN, " first."]);
    expect(partsOf("@[no](id with space) @[]() a@b.test")).toEqual(["@[no](id with space) @[]() a@b.test"]);
  });

  it("stays when something is typed before, behind or directly at it", () => {
    expect(edited(STORED, "Do ask @Ben Ortiz first.", 6)).toBe("Do ask @[Ben Ortiz](u-1) first.");
    expect(edited(STORED, "Ask @Ben Ortiz first. Now", 25)).toBe("Ask @[Ben Ortiz](u-1) first. Now");
    expect(edited(STORED, "Ask @Ben Ortiz, first.", 15)).toBe("Ask @[Ben Ortiz](u-1), first.");
  });

  it("is mere text as soon as its name is another", () => {
    expect(edited(STORED, "Ask @Ben Orti first.", 13)).toBe("Ask @Ben Orti first.");
    expect(edited(STORED, "Ask @Benn Ortiz first.", 9)).toBe("Ask @Benn Ortiz first.");
    expect(edited(STORED, "Ask", 3)).toBe("Ask");
  });

  it("is the one beside the caret that goes, of two of the same name", () => {
    const two = "@[Kim](u-2) @[Kim](u-3)";
    expect(edited(two, " @Kim", 0)).toBe(" @[Kim](u-3)");
    expect(edited(two, "@Kim ", 5)).toBe("@[Kim](u-2) ");
    const close = "@[Kim](u-2)@[Kim](u-3)";
    expect([edited(close, "@Kim", 0), edited(close, "@Kim", 4)]).toEqual(["@[Kim](u-3)", "@[Kim](u-2)"]);
  });

  it("never changes what is seen, whatever is done to the text", () => {
    const letters = ["a", " ", "@", "K", "m", "\n", "@[Kim](u-2)", "@[Ben Ortiz](u-1)"];
    let seed = 7;
    const chance = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let run = 0; run < 400; run += 1) {
      const stored = Array.from({ length: chance(8) }, () => letters[chance(letters.length)]).join("");
      const before = shownText(stored);
      const [from, cut] = [chance(before.length + 1), chance(4)];
      const typed = ["", "x", "@", "Kim", " "][chance(5)] ?? "";
      const after = before.slice(0, from) + typed + before.slice(from + cut);
      const made = edited(stored, after, from + typed.length);
      expect(shownText(made)).toBe(after);
      const kept = partsOf(made).filter((part) => typeof part !== "string");
      expect(partsOf(stored)).toEqual(expect.arrayContaining(kept)); // nobody is mentioned who was not
    }
  });
});

describe("a name that is begun", () => {
  it("follows an @ at the beginning of a word", () => {
    expect(asked("Ask @be", 7)).toEqual({ from: 4, to: 7, name: "be" });
    expect(asked("@", 1)).toEqual({ from: 0, to: 1, name: "" });
    expect(asked("mail a@be", 9)).toBeUndefined();
    expect(asked("Ask @ben", 2)).toBeUndefined();
    expect(asked(STORED, 8)).toBeUndefined(); // it is a mention already
  });

  it("is found by each word of a person's name", () => {
    const people = [BEN, { id: "u-4", name: "Olga Benson" }, { id: "u-5", name: "Zoë" }];
    expect(matching(people, "ben").map(({ id }) => id)).toEqual(["u-1", "u-4"]);
    expect(matching(people, "ben o").map(({ id }) => id)).toEqual(["u-1"]);
    expect(matching(people, "x")).toEqual([]);
  });

  it("is completed with a space behind it, and the caret there", () => {
    expect(completed("Ask @be", { from: 4, to: 7, name: "be" }, BEN)).toEqual({ stored: "Ask @[Ben Ortiz](u-1) ", caret: 15 });
    expect(completed("@b now", { from: 0, to: 2, name: "b" }, BEN)).toEqual({ stored: "@[Ben Ortiz](u-1) now", caret: 11 });
    const odd = completed("@", { from: 0, to: 1, name: "" }, { id: "u-6", name: "A [the] B" });
    expect(partsOf(odd.stored)).toEqual([{ id: "u-6", name: "A  the  B" }, " "]);
  });
});

describe("those who may be mentioned", () => {
  const person = (userId: string, role: UserEntry["role"], ...teamIds: string[]): UserEntry => ({ userId, role, teamIds, name: userId, email: "", invitedAt: null });
  const users = [person("ava", "agent", "north"), person("ben", "agent", "north"), person("mia", "agent", "south"), person("dana", "broker")];
  const readers = (visibility: string) => readersOf({ visibility, ownerId: "ava", teamId: "north" }, users).map(({ userId }) => userId);

  it("are those who may read the record", () => {
    expect(readers("private")).toEqual(["ava"]);
    expect(readers("team")).toEqual(["ava", "ben", "dana"]);
    expect(readers("broker")).toEqual(["ava", "ben", "mia", "dana"]);
  });
});
