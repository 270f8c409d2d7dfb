// @vitest-environment happy-dom
/** Lists that follow what others do. */

import { createElement } from "react";
import type { ReactElement } from "react";
import { describe, expect, test } from "vitest";
import { act } from "@testing-library/react";
import { memory, Offline } from "../../src/offline/index.js";
import { useRecords } from "../../src/react/index.js";
import type { Filters, Records, RecordsOptions } from "../../src/react/index.js";
import { Page, frame, usePage, waitingFrames } from "./support.js";
import { NORTH } from "../support/model.js";
import { settle } from "../support/time.js";

usePage();

interface Shown {
  readonly filters?: Filters<"escrow">;
  readonly options?: RecordsOptions;
  /** Told with each render. */
  readonly rendered?: (found: Records<"escrow">) => void;
}

function Escrows({ filters, options, rendered }: Shown): ReactElement {
  const found = useRecords("escrow", filters, options);
  rendered?.(found);
  return createElement("p", null, found.isPending ? "…" : found.records.map(({ id, city }) => `${id} ${city}`).join(", "));
}

/** A list on the screen, and what its last render found. */
async function shown(page: Page, props: Shown = {}, offline?: Offline): Promise<() => Records<"escrow">> {
  let last: Records<"escrow"> | undefined;
  const rendered = (found: Records<"escrow">): void => {
    last = found;
    props.rendered?.(found);
  };
  await page.show(createElement(Escrows, { ...props, rendered }), offline);
  return () => {
    if (!last) throw new Error("nothing was rendered");
    return last;
  };
}

/** Some escrows that were there before. */
function office(...cities: string[]): Page {
  const page = new Page();
  for (const [index, city] of cities.entries()) page.world.model.create(`e${index + 1}`, undefined, { city });
  page.world.server.passOver();
  return page;
}

describe("a list", () => {
  test("shows what somebody else adds, changes and deletes, with no request", async () => {
    const page = office("Davis");
    await shown(page);
    await page.connected();
    expect(page.text).toBe("e1 Davis");
    expect(page.asked()).toEqual(["GET /escrows?limit=50"]);
    page.world.model.create("e2", undefined, { city: "Chico" });
    await page.later();
    expect(page.text).toBe("e2 Chico, e1 Davis");
    page.world.model.update("e1", { city: "Woodland" });
    await page.later();
    expect(page.text).toBe("e2 Chico, e1 Woodland");
    page.world.model.delete("e2");
    await page.later();
    expect(page.text).toBe("e1 Woodland");
    expect(page.asked()).toEqual([]);
  });

  test("is what was kept while the server cannot be reached, follows what is written, and is asked for again", async () => {
    const page = office("Davis", "Chico");
    page.world.server.unreachable = true;
    const record = { ...page.world.model.records.get("e1"), id: "e1", version: 1, room: NORTH };
    page.world.client.cache.restore("escrow/e1", record);
    const offline = await Offline.open(page.world.client, { user: "ava", store: memory() });
    const found = await shown(page, {}, offline);
    await page.later(1);
    expect(page.text).toBe("e1 Davis");
    expect(found()).toMatchObject({ isPending: false, isPlaceholder: true, hasMore: false });
    void offline.write({ noun: "escrow", method: "PATCH", id: "e1", body: { city: "Dixon" } }).catch(() => undefined);
    await page.later(10);
    expect(page.text).toBe("e1 Dixon");
    page.world.server.unreachable = false;
    await page.connected();
    await page.later(10);
    expect(page.text).toMatch(/^e2 Chico, e1 D/);
    expect(found()).toMatchObject({ isPlaceholder: false, error: null });
  });

  test("lets records enter, leave and move by what it is narrowed and sorted by", async () => {
    const page = office("Davis", "Chico");
    page.world.model.update("e1", { status: "opened", purchasePriceCents: 200 });
    page.world.model.update("e2", { status: "closed", purchasePriceCents: 100 });
    page.world.server.passOver();
    await shown(page, { filters: { status: ["opened"], sort: "price" } });
    await page.connected();
    page.asked();
    expect(page.text).toBe("e2 Chico, e1 Davis"); // as the fake server lists them: it narrows nothing
    page.world.model.update("e2", { city: "Colusa" });
    await page.later();
    expect(page.text).toBe("e1 Davis");
    page.world.model.update("e2", { status: "opened" });
    await page.later();
    expect(page.text).toBe("e2 Colusa, e1 Davis");
    page.world.model.update("e2", { purchasePriceCents: 300 });
    await page.later();
    expect(page.text).toBe("e1 Davis, e2 Colusa");
    page.world.model.update("e1", { purchasePriceCents: null });
    await page.later();
    expect(page.text).toBe("e2 Colusa, e1 Davis");
    page.world.model.update("e2", { archived: true, status: "cancelled" });
    await page.later();
    expect(page.text).toBe("e1 Davis");
    expect(page.asked()).toEqual([]);
  });

  test("shows nothing beyond the last loaded page, and goes on from there", async () => {
    const page = office("A", "B", "C", "D", "E");
    const list = await shown(page, { options: { limit: 2 } });
    await page.connected();
    expect(page.text).toBe("e5 E, e4 D");
    expect(list().hasMore).toBe(true);
    page.asked();
    page.world.model.update("e1", { city: "Z" }); // not loaded
    page.world.model.create("e0", undefined, { city: "beyond" });
    await page.later();
    expect(page.text).toBe("e5 E, e4 D");
    expect(page.asked()).toEqual([]);
    await act(async () => list().fetchMore());
    await frame();
    expect(page.asked()).toEqual(["GET /escrows?limit=2&cursor=e4"]);
    expect(page.text).toBe("e5 E, e4 D, e3 C, e2 B");
    page.world.model.delete("e3");
    await page.later();
    expect(page.text).toBe("e5 E, e4 D, e2 B");
    await act(async () => list().fetchMore());
    await frame();
    expect(page.text).toBe("e5 E, e4 D, e2 B, e1 Z, e0 beyond");
    expect(list().hasMore).toBe(false);
  });

  test("asks for a record that nobody has loaded only if a change may bring it in", async () => {
    const page = office("A", "B", "C");
    await shown(page, { options: { limit: 1 }, filters: { status: "closed" } as unknown as Filters<"escrow"> });
    await page.connected();
    page.asked();
    page.world.model.update("e1", { city: "Z" });
    await page.later();
    page.world.model.update("e1", { status: "pending" });
    await page.later();
    expect(page.asked()).toEqual([]);
    page.world.model.update("e1", { status: "closed" });
    await page.later();
    expect(page.asked()).toEqual(["GET /escrows/e1"]);
  });

  test("is never moved back by an answer that was read before a change", async () => {
    const page = office("Davis", "Chico");
    const list = await shown(page);
    await page.connected();
    page.world.server.listsTake = 5;
    await act(async () => {
      void list().refetch();
      await page.world.time.advance(1);
    });
    page.world.model.update("e1", { city: "Woodland" });
    page.world.model.delete("e2");
    page.world.model.create("e3", undefined, { city: "Colusa" });
    await page.later(1);
    expect(page.text).toBe("e3 Colusa, e1 Woodland");
    await page.later(10);
    expect(list().isFetching).toBe(false);
    expect(page.text).toBe("e3 Colusa, e1 Woodland");
  });

  test("has what happened to records of its first answer while that was on its way", async () => {
    const page = office("Davis", "Chico");
    await page.connected();
    page.world.server.listsTake = 5;
    await shown(page);
    page.world.model.update("e1", { city: "Woodland" });
    page.world.model.delete("e2");
    await page.later(1);
    await page.later(10);
    expect(page.text).toBe("e1 Woodland");
  });

  test("renders once for all that came between two frames, and keeps the rows that are as before", async () => {
    const page = office("A", "B", "C");
    let renders = 0;
    const list = await shown(page, { rendered: () => (renders += 1) });
    await page.connected();
    const [, second] = list().records;
    renders = 0;
    for (let change = 0; change < 100; change++) page.world.model.update("e1", { city: `${change}` });
    await act(async () => {
      page.world.server.publish();
      await page.world.time.advance(1);
    });
    expect(renders).toBe(0);
    expect(waitingFrames()).toBe(1);
    await frame();
    expect(renders).toBe(2); // once, as StrictMode counts
    expect(page.text).toBe("e3 C, e2 B, e1 99");
    expect(list().records[1]).toBe(second);
    expect(page.asked()).toEqual(["GET /escrows?limit=50"]);
  });

  test("holds what others add, remove and move until it is to be shown, and shows what is in its rows", async () => {
    const page = office("A", "B", "C");
    const list = await shown(page, { options: { hold: true } });
    await page.connected();
    page.world.model.create("e9", undefined, { city: "new" });
    page.world.model.delete("e2");
    page.world.model.update("e1", { city: "Z" });
    await page.later();
    expect(page.text).toBe("e3 C, e2 B, e1 Z");
    expect(list().held).toBe(2);
    await act(async () => list().show());
    expect(page.text).toBe("e9 new, e3 C, e1 Z");
    expect(list().held).toBe(0);
  });

  test("is loaded again, once, when the log cannot tell what was missed", async () => {
    const page = office("A", "B");
    await shown(page);
    await page.connected();
    page.asked();
    page.world.model.delete("e1");
    page.world.model.create("e3", undefined, { city: "C" });
    page.world.model.rebuild(NORTH);
    page.world.server.passOver();
    await act(async () => {
      page.world.server.live.end();
      await page.world.time.advance(60);
    });
    await frame();
    expect(page.text).toBe("e3 C, e2 B");
    expect(page.asked()).toEqual(["GET /escrows?limit=50"]);
  });

  test("leaves nobody listening when it is gone", async () => {
    const page = office("A");
    await shown(page);
    await page.connected();
    page.shown?.unmount();
    page.world.model.update("e1", { city: "Z" });
    await act(async () => {
      page.world.server.publish();
      await page.world.time.advance(1);
      await settle();
    });
    expect(waitingFrames()).toBe(0);
  });
});
