// @vitest-environment happy-dom
/** Lists that follow what others do. */

import { createElement } from "react";
import type { ReactElement } from "react";
import { describe, expect, test } from "vitest";
import { useRecords } from "../../src/react/index.js";
import type { Filters } from "../../src/react/index.js";
import { Page, usePage } from "./support.js";

usePage();

function Escrows({ filters }: { filters?: Filters<"escrow"> }): ReactElement {
  const { records, isPending } = useRecords("escrow", filters);
  return createElement("p", null, isPending ? "…" : records.map(({ id, city }) => `${id} ${city}`).join(", "));
}

describe("a list", () => {
  test("shows what somebody else adds, changes and deletes, with no request", async () => {
    const page = new Page();
    page.world.model.create("e1", undefined, { city: "Davis" });
    page.world.server.passOver();
    await page.show(createElement(Escrows));
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
});
