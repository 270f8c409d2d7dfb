/** What the tabs of a browser say to each other about the one socket that they share. */

import type { State } from "../listener.js";

export type Message = { readonly from: string } &
  /** From a tab without a socket: who leads? */
  (
    | { readonly hello: true; readonly visible: boolean }
    /** From the tab that leads: its socket is open, and wants to be asked after so many milliseconds of silence. */
    | { readonly up: number }
    /** It has none at the moment, and this is how it stands. */
    | { readonly down: State }
    /** It is hidden, and a visible tab may take its place. */
    | { readonly yields: string }
    /** A frame from the server: for all, or the reply to one socket. */
    | { readonly frame: string; readonly socket?: string }
    /** A frame to the server, by way of the tab that leads. */
    | { readonly to: string; readonly send: string; readonly socket: string }
    /** Try now; `retry`: because a person says so. */
    | { readonly to: string; readonly wake: true; readonly retry: boolean }
  );

/** Without its sender. */
export type Words = Message extends infer One ? (One extends Message ? Omit<One, "from"> : never) : never;
