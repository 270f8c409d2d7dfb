import { expect, test } from "vitest";
import type { AuditEntry } from "../src/contract";
import { detailsOf, sentenceOf } from "../src/people/audited";

const named = (id: string) => (id === "u-ben" ? "Ben Ortiz" : "Somebody");
const entry = (about: Partial<AuditEntry>): AuditEntry => ({
  id: "1",
  at: "2026-03-02T12:00:00.000Z",
  act: "user_changed",
  by: "u-root",
  byName: "Rae Root",
  subject: "u-ben",
  name: "Ben Ortiz",
  changes: [],
  ...about,
});

test("a change of somebody tells what they were and are", () => {
  const changed = entry({
    changes: [
      { field: "role", before: "agent", after: "lead" },
      { field: "teams", before: "North", after: "" },
    ],
  });
  expect(sentenceOf(changed, named)).toBe("changed Ben Ortiz");
  expect(detailsOf(changed)).toEqual(["Role: Lead, was Agent", "Teams: was North"]);
});

test("whoever is added has no past, and their name is in the sentence", () => {
  const added = entry({
    act: "user_added",
    changes: [
      { field: "name", before: "", after: "Ben Ortiz" },
      { field: "role", before: "", after: "agent" },
    ],
  });
  expect(detailsOf(added)).toEqual(["Role: Agent"]);
});

test("a lock that was taken over is told with its record's kind and whose it was", () => {
  const taken = entry({ act: "lock_taken_over", subject: "escrow:e-1", changes: [{ field: "holder", before: "u-ben", after: "u-lee" }] });
  expect(sentenceOf(taken, named)).toBe("took the edit lock of an escrow from Ben Ortiz");
  expect(detailsOf(taken)).toEqual([]);
});

test("an export and a merge are told with their number", () => {
  const exported = entry({ act: "records_exported", subject: "clients", changes: [{ field: "records", before: "", after: "120" }] });
  const merged = entry({ act: "merge_confirmed", changes: [{ field: "pairs", before: "", after: "1" }] });
  expect(sentenceOf(exported, named)).toBe("exported 120 clients");
  expect(sentenceOf(merged, named)).toBe("merged 1 pair of duplicates");
});

test("an act of a newer server is told by its name", () => {
  expect(sentenceOf(entry({ act: "vault_opened" as AuditEntry["act"] }), named)).toBe("vault_opened");
});
