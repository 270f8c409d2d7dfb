// @vitest-environment happy-dom
/** The page of a task that reads or writes texts: what is seen while it works, when it waits, and how it has ended. */

import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { screen } from "@testing-library/react";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { usePage as begin } from "../../client/tests/react/support";
import { readDraft, wipeDrafts, writeDraft } from "../src/live/drafts";
import TaskScreen from "../src/texts/TaskScreen";
import { Desk } from "./desk";

begin();
beforeAll(async () => void (await Promise.all([import("../src/texts/DescriptionForm"), import("../src/texts/TextResult")]))); // what is loaded with the first of them
beforeEach(() => {
  vi.stubGlobal("fetch", async (): Promise<Response> => Response.json({ users: [], teams: [], teamIds: ["north"] }));
  wipeDrafts();
});

async function open(): Promise<Desk> {
  const root = createRootRoute();
  const page = createRoute({ getParentRoute: () => root, path: "/tasks/$id", component: TaskScreen });
  const router = createRouter({ routeTree: root.addChildren([page]), history: createMemoryHistory({ initialEntries: ["/tasks/t1"] }) });
  return new Desk().open(<RouterProvider router={router as never} />);
}

const written = (): string | null | undefined => document.querySelector("[data-written]")?.textContent;

describe("a description", () => {
  const about = { kind: "describe_listing", about: { noun: "listing", id: "l1" } };

  it("is seen while it grows, with a way to cancel, and stands in a form once it is whole", async () => {
    const desk = await open();
    await desk.tell("t1", "running", { ...about, message: "Describing the listing...", can: ["cancel"] });
    expect(screen.getByRole("progressbar", { name: "Describing a listing" })).toBeDefined();
    expect(written()).toBeUndefined();
    await desk.tell("t1", "running", { percent: 40, message: "It is in Davis." });
    expect(written()).toBe("It is in Davis.");
    await desk.tell("t1", "running", { percent: 60, message: "It is in Davis. It has 3 bedrooms." });
    expect(written()).toBe("It is in Davis. It has 3 bedrooms.");
    expect(screen.getByRole("button", { name: "Cancel" })).toBeDefined();
    const refused = [{ sentence: "Perfect for families.", reasons: ["“perfect for families” can tell a preference by familial status"] }];
    const proposal = { engine: "rules", listing: "l1", text: "It is in Davis.", sentences: [], refused, facts: { city: "Davis" } };
    await desk.tell("t1", "proposed", { percent: 90, message: "It is in Davis.", proposal, can: ["cancel", "confirm"] });
    expect(await screen.findByRole("textbox", { name: /^Description/ })).toHaveProperty("value", "It is in Davis.");
    expect(screen.getByRole("region", { name: "Left out (1)" }).textContent).toContain("“perfect for families” can tell a preference by familial status.");
    expect(screen.getByText("Engine: rules")).toBeDefined();
  });

  it("that could not be written says why, and offers another try", async () => {
    const desk = await open();
    const problem = { reason: "refused", detail: "the listing has changed since it was described; describe it again" };
    await desk.tell("t1", "failed", { ...about, message: "Describing the listing failed", problem });
    expect(await screen.findByRole("heading", { name: "This description has failed" })).toBeDefined();
    expect(screen.getByText("The listing has changed since it was described; describe it again")).toBeDefined();
    expect(screen.getByText("Nothing was written.")).toBeDefined();
    expect(screen.getByRole("button", { name: "Describe it again" })).toBeDefined();
  });
});

describe("a text", () => {
  const kind = "create_from_text";

  it("stays where it was pasted until it is read, for whoever has to try again", async () => {
    writeDraft("ava", "/from-text", { at: 1, content: "Escrow for 9 Oak Ave" });
    const desk = await open();
    await desk.tell("t1", "running", { kind });
    await desk.tell("t1", "failed", { message: "Reading the text failed", problem: { reason: "crashed", detail: "it stopped" } });
    expect((await screen.findByRole("link", { name: "Try again" })).getAttribute("href")).toBe("/from-text");
    expect(readDraft("ava", "/from-text")?.content).toBe("Escrow for 9 Oak Ave");
    await desk.tell("t1", "completed", { message: "Created 1 record!", result: { created: 1, records: [] } });
    expect(readDraft("ava", "/from-text")).toBeUndefined();
  });

  it("of somebody else, or of long ago, is nothing that is there", async () => {
    const desk = await open();
    await desk.tell("t2", "running", { kind });
    expect(screen.getByText("There is no such task")).toBeDefined();
  });
});
