/** What `@openhouse/client/offline` offers. */

export { indexedDb } from "./indexed-db.js";
export { Offline } from "./offline.js";
export type { OfflineOptions, Refused } from "./offline.js";
export { PROVISIONAL } from "./queue.js";
export type { Waiting, Write } from "./queue.js";
export { memory } from "./store.js";
export type { Store } from "./store.js";
