/** What `@openhouse/client` offers. */

export { browser } from "./browser.js";
export type { AnyRecord, Key } from "./cache.js";
export { keyOf, partsOf } from "./cache.js";
export { Client } from "./client.js";
export type { ClientOptions } from "./client.js";
export type { Environment } from "./environment.js";
export { ClientError, Problem } from "./errors.js";
export type { EventListener } from "./events.js";
export type { Recovered, State, Status } from "./listener.js";
export { merge } from "./merge-patch.js";
export type { Position, Positions } from "./protocol.js";
export type { Loaded, Use } from "./records.js";
export type { Request, Rest } from "./rest.js";
export type { Timings } from "./timings.js";
export type { TokenSource, TokenVault } from "./tokens.js";
export type * from "./types.js";
export type * from "./contract.js";
