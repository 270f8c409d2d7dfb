import { Problem } from "@openhouse/client";
import { describe, expect, it } from "vitest";
import { complaintOf } from "../src/api/complaint";
import { ApiProblem } from "../src/api/http";
import { isViewOnly, noticeOf, type Seen } from "../src/together/formLock";
import { editingText, mayTakeOver, refusedText, timeLeft } from "../src/together/lockWords";

const NAMES = { me: "ava", named: (id: string) => ({ jayden: "Jayden", nora: "Nora" })[id] ?? "Somebody" };

describe("a lock in words", () => {
  it("says who, and oneself in another window", () => {
    expect(editingText("escrow", "jayden", NAMES)).toBe("Jayden is editing this escrow");
    expect(editingText("escrow", "ava", NAMES)).toBe("You are editing this escrow in another window");
  });

  it("counts down to nothing", () => {
    expect(timeLeft(252_000, 0)).toBe("4:12 left");
    expect(timeLeft(8_500, 0)).toBe("0:09 left");
    expect(timeLeft(1_000, 1_000)).toBe("");
  });

  it("is taken over by who may reassign the record, or has it in another window", () => {
    expect(mayTakeOver(["edit", "reassign"], "jayden", "ava")).toBe(true);
    expect(mayTakeOver(["edit", "delete", "share"], "jayden", "ava")).toBe(false);
    expect(mayTakeOver(["edit"], "ava", "ava")).toBe(true);
    expect(mayTakeOver(["edit", "reassign"], undefined, "ava")).toBe(false);
  });
});

describe("a refusal for a lock", () => {
  const content = { code: "locked" as const, detail: "somebody is at work on this record", holder: "jayden", until: "2026-03-01T18:05:00.000Z" };

  it("is read of both kinds of answers", () => {
    const held = { holder: "jayden", until: "2026-03-01T18:05:00.000Z" };
    expect(complaintOf(new ApiProblem(423, content)).held).toEqual(held);
    expect(complaintOf(new Problem(423, "locked", "no", { retryable: false }, content)).held).toEqual(held);
    expect(complaintOf(new ApiProblem(412, { code: "stale_version" })).held).toBeUndefined();
  });

  it("says who, and until when at most", () => {
    expect(refusedText({ holder: "jayden", until: content.until }, NAMES)).toMatch(/^Jayden is editing this, until \d+:05 [AP]M at the latest\. Your change was not saved\.$/);
    expect(refusedText({ holder: "ava", until: content.until }, NAMES)).toMatch(/^You are editing this in another window, until/);
    expect(refusedText({ holder: undefined, until: undefined }, NAMES)).toMatch(/^Somebody else has been at work/);
  });
});

describe("a form under its lock", () => {
  const seen = (status: Seen["status"], more: Partial<Seen> = {}): Seen => ({ status, before: undefined, holder: undefined, last: undefined, had: false, ...more });

  it("is read only while somebody else is at work", () => {
    const all = (["held", "free", "refused", "locked", "lost"] as const).filter((status) => isViewOnly({ status }));
    expect(all).toEqual(["locked", "lost"]);
  });

  it("says who has it, and offers to take it over", () => {
    expect(noticeOf("escrow", seen("locked", { holder: "jayden", last: "jayden" }), NAMES)).toEqual({
      text: "Jayden is editing this escrow. You can read it here.",
      severity: "info",
      offer: "takeOver",
    });
    const idle = seen("locked", { holder: "jayden", last: "jayden", before: "free", had: true }); // nobody touched it for five minutes
    expect(noticeOf("escrow", idle, NAMES)?.text).toBe("Jayden is editing this escrow. What you typed is kept here.");
    expect(noticeOf("escrow", seen("held"), NAMES)).toBeUndefined();
    expect(noticeOf("escrow", seen("free"), NAMES)).toBeUndefined();
  });

  it("says who has taken it, and that nothing typed is lost; and takes it up again when they are done", () => {
    const taken = seen("lost", { before: "held", holder: "nora", last: "nora" });
    expect(noticeOf("escrow", taken, NAMES)).toMatchObject({ text: "Nora has taken over. What you typed is kept here.", offer: "takeOver" });
    expect(noticeOf("escrow", { ...taken, holder: undefined }, NAMES)).toMatchObject({ text: "Nora took over and is done. What you typed is still here.", offer: "take" });
  });

  it("says when it is free to be edited", () => {
    const freed = seen("free", { before: "locked", last: "jayden" });
    expect(noticeOf("escrow", freed, NAMES)).toMatchObject({ text: "Jayden is done. You can edit this escrow now.", offer: undefined });
    expect(noticeOf("escrow", seen("free", { before: "held" }), NAMES)).toBeUndefined(); // it was saved
  });
});
