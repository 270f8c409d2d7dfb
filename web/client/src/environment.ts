/** What the client takes from outside: time, chance, the network, storage, other tabs. Tests give their own. */

export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  send(text: string): void;
  close(): void;
}

/** What tabs say to each other. */
export interface Channel {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** As `navigator.locks.request`. */
export type RequestLock = (
  name: string,
  options: { readonly signal?: AbortSignal; readonly steal?: boolean; readonly ifAvailable?: boolean },
  work: (held: boolean) => Promise<void>,
) => Promise<void>;

export interface Environment {
  /** Milliseconds since 1970, as this machine believes. */
  now(): number;
  /** Milliseconds since some moment; never goes back. */
  performance(): number;
  setTimeout(call: () => void, milliseconds: number): number | object;
  clearTimeout(timer: number | object): void;
  /** In [0, 1). */
  random(): number;
  uuid(): string;
  fetch(url: string, request: RequestInit): Promise<Response>;
  socket(url: string): Socket;
  visible(): boolean;
  online(): boolean;
  /** Calls when the network is back, and when the page is looked at again. Returns how to stop that. */
  onWake(wake: () => void): () => void;
  /** Calls when the page may be about to go. Returns how to stop that. */
  onLeave(leave: () => void): () => void;
  /** Calls whenever somebody touches the page: by default, at what the document hears. Returns how to stop that. */
  onTouch?: ((touched: () => void) => () => void) | undefined;
  /** Calls every so many milliseconds, also in a hidden page, whose own timers may run once a minute. Returns how to stop. */
  tick?: ((milliseconds: number, call: () => void) => () => void) | undefined;
  /** What outlives a reload of this tab, and no more: by default, `sessionStorage`. */
  session?: Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined;
  /** What outlives the visit, in all tabs: by default, `localStorage`. */
  kept?: Pick<Storage, "getItem" | "setItem"> | undefined;
  /** undefined where tabs cannot agree: then each is by itself. */
  lock: RequestLock | undefined;
  channel: ((name: string) => Channel) | undefined;
  /** Takes what a listener of the application threw. */
  report(error: unknown): void;
}
