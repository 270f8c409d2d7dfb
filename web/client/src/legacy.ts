/** What `@openhouse/client/legacy` offers: dashboards that listen to `data:update` go on as before. */

import type { AnyRecord } from "./cache.js";
import type { Client } from "./client.js";
import { paths } from "./fields.js";

/** What the old backend said. After a `delete` there are no data, nor where everything of a kind may have changed. */
export interface DataUpdate {
  readonly entityType: string;
  /** Empty: it may be any. */
  readonly entityId: string;
  readonly action: "create" | "update" | "delete";
  readonly data: AnyRecord | undefined;
}

export interface Emitter {
  emit(name: "data:update", update: DataUpdate): unknown;
}

/** Tells every change in the old words. Returns how to stop. */
export function legacy(client: Client, emitter: Emitter): () => void {
  const stops = [
    client.on("*", ({ type, data }) => {
      const [entityType = "", verb] = type.split(":");
      const entityId = new Map<string, unknown>(Object.entries(data)).get(`${entityType}Id`);
      if (typeof entityId !== "string" || !(entityType in paths)) return; // figures, locks, notifications
      const action = verb === "created" ? "create" : verb === "deleted" ? "delete" : "update";
      emitter.emit("data:update", { entityType, entityId, action, data: client.record(entityType, entityId) });
    }),
    client.onRecovered(({ reset }) => {
      if (reset.length === 0) return;
      for (const entityType of Object.keys(paths)) {
        emitter.emit("data:update", { entityType, entityId: "", action: "update", data: undefined });
      }
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
