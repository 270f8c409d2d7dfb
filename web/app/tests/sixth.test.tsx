// @vitest-environment happy-dom
/**
 * A module that nobody has built a screen for (tests/contract/sixth_module.py): its list, form and page come from its
 * declaration alone. `OPENHOUSE_DECLARED` is a folder with `fields.ts` and `listed.ts` as `make contract` would write them.
 */

import { Client } from "@openhouse/client";
import { memory, Offline } from "@openhouse/client/offline";
import { OpenhouseProvider } from "@openhouse/client/react";
import { ThemeProvider } from "@mui/material/styles";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Config } from "../src/config";
import { ApiContext } from "../src/api/context";
import { Api } from "../src/api/http";
import { LiveContext } from "../src/live/context";
import type { Live } from "../src/live/live";
import { Refusals } from "../src/live/refusals";
import { routerOf } from "../src/router";
import { SessionContext } from "../src/session/context";
import type { Person } from "../src/session/issuer";
import type { Session } from "../src/session/session";
import { theme } from "../src/theme/theme";

const declared = vi.hoisted(() => process.env["OPENHOUSE_DECLARED"]);

vi.mock(import("@openhouse/client/fields"), async (original) =>
  declared === undefined ? original() : ((await import(/* @vite-ignore */ `${declared}/fields.ts`)) as object),
);
vi.mock(import("@openhouse/client/listed"), async (original) =>
  declared === undefined ? original() : ((await import(/* @vite-ignore */ `${declared}/listed.ts`)) as object),
);

vi.mock(import("../src/shell/preload"), () => ({ preload: () => () => undefined })); // no other screens

const ME = { userId: "ava", role: "agent", teamIds: ["north"], brokerageId: "b", name: "Ava" };
const offer = (id: string, more: object) => ({
  id,
  version: 1,
  room: "team:north",
  visibility: "team",
  teamId: "north",
  ownerId: "ava",
  archived: false,
  createdAt: "2026-03-01T09:00:00.000Z",
  createdBy: "ava",
  updatedAt: "2026-03-01T09:00:00.000Z",
  updatedBy: "ava",
  status: "made",
  can: ["edit", "delete"],
  ...more,
});

/** As much of a server as these screens ask for. */
class Office {
  readonly offers = [offer("o1", { buyerName: "Sam Ortiz", priceCents: 40_000_000, closingDate: "2026-04-30", financing: "loan", offerNumber: "OFF-2026-001" })];
  readonly asked: string[] = [];
  readonly written: unknown[] = [];

  readonly fetch = async (url: string, request: RequestInit = {}): Promise<Response> => {
    const { pathname: path, search } = new URL(url);
    this.asked.push(`${request.method ?? "GET"} ${path}${search}`);
    if (request.method === "POST" && path === "/offers") {
      const body = JSON.parse(String(request.body)) as object;
      this.written.push(body);
      const made = offer("o2", { buyerName: "", priceCents: 0, closingDate: "", financing: "", offerNumber: "OFF-2026-002", ...body });
      this.offers.unshift(made);
      return Response.json(made, { status: 201 });
    }
    const one = this.offers.find(({ id }) => path === `/offers/${id}`);
    if (one) return Response.json(one);
    if (path.endsWith("/history")) return Response.json({ items: [] });
    const counts = { made: this.offers.length, countered: 0, accepted: 0, declined: 0 };
    const answers: Record<string, unknown> = {
      "/offers": { items: this.offers, positions: {} },
      "/offers/stats": { total: { counts, archived: 0 }, rooms: {}, positions: {} },
      "/me": ME,
      "/directory": { users: [{ userId: "ava", name: "Ava", teamIds: ["north"], role: "agent" }], teams: [{ teamId: "north", name: "North" }] },
    };
    const answer = answers[path];
    return answer ? Response.json(answer) : Response.json({ code: "not_found" }, { status: 404 });
  };
}

const person: Person = { id: "ava", name: "Ava", email: "ava@example.com" };
const kept: Offline[] = [];

/** Somebody who has just signed in comes to an address. */
async function visit(path: string): Promise<Office> {
  const office = new Office();
  vi.stubGlobal("fetch", office.fetch);
  history.replaceState({}, "", path);
  const client = new Client({ httpUrl: "http://fake", user: "ava", token: async () => "token" });
  const offline = await Offline.open(client, { user: "ava", store: memory() });
  kept.push(offline);
  const live = { client, offline, refusals: new Refusals("ava") } as unknown as Live; // no other tabs
  const session = { token: async () => "token" } as unknown as Session;
  const config = { httpUrl: "http://fake" } as Config;
  await act(async () => {
    render(
      <ThemeProvider theme={theme}>
        <SessionContext value={{ session, config }}>
          <ApiContext value={{ api: new Api("http://fake", session), person }}>
            <QueryClientProvider client={new QueryClient()}>
              <LiveContext value={live}>
                <OpenhouseProvider client={client} offline={offline}>
                  <RouterProvider router={routerOf()} />
                </OpenhouseProvider>
              </LiveContext>
            </QueryClientProvider>
          </ApiContext>
        </SessionContext>
      </ThemeProvider>,
    );
  });
  return office;
}

describe.runIf(declared !== undefined)("a sixth module", () => {
  beforeEach(() => {
    // There is no layout here, and without a height nothing is in view.
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1_000);
  });
  afterEach(async () => {
    cleanup();
    await kept.pop()?.close();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it("has a list with its fields for columns, its statuses for filters and its orders", async () => {
    const office = await visit("/offers?sort=-price");
    const table = await screen.findByRole("table", { name: "Offers" });
    const heads = within(table).getAllByRole("columnheader").map((head) => head.textContent);
    expect(heads).toEqual(["", "Buyer name", "Status", "Price", "Closing date", "Financing", "Changed"]);
    expect((await within(table).findByRole("link", { name: "Sam Ortiz" })).getAttribute("href")).toBe("/offers/o1");
    for (const cell of ["$400,000", "Apr 30, 2026", "Loan", "Made"]) expect(table.textContent).toContain(cell);
    expect(office.asked).toContain("GET /offers?archived=false&sort=-price&limit=50");
    const statuses = within(await screen.findByRole("group", { name: "Status" })).getAllByRole("button");
    expect(statuses.map(({ textContent }) => textContent)).toEqual(["Made1", "Countered0", "Accepted0", "Declined0", "Archived"]);
    fireEvent.mouseDown(screen.getByRole("combobox", { name: "Order" }));
    const orders = (await screen.findAllByRole("option")).map(({ textContent }) => textContent);
    expect(orders).toEqual(expect.arrayContaining(["Earliest date first", "By name", "Lowest price first"]));
  });

  it("has a form, and a page of what was made", async () => {
    const office = await visit("/offers/new");
    const form = await screen.findByRole("form", { name: "New offer" });
    const type = (label: RegExp, value: string) => fireEvent.change(within(form).getByLabelText(label), { target: { value } });
    fireEvent.click(within(form).getByRole("button", { name: "Create offer" }));
    expect(await within(form).findByText("Buyer name is needed.")).toBeDefined();
    expect(office.written).toEqual([]);
    type(/^Buyer name/, "Ann Lee");
    type(/^Price/, "123,456");
    type(/^Closing date/, "2026-05-01");
    fireEvent.click(within(form).getByRole("button", { name: "Create offer" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Ann Lee" })).toBeDefined();
    expect(office.written).toEqual([
      expect.objectContaining({ buyerName: "Ann Lee", priceCents: 12_345_600, closingDate: "2026-05-01", status: "made", visibility: "team" }),
    ]);
    for (const fact of ["$123,456", "May 1, 2026", "OFF-2026-002"]) expect(screen.getByText(fact)).toBeDefined();
    expect(location.pathname).toBe("/offers/o2");
  });
});
