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
  /** undefined where tabs cannot agree: then each is by itself. */
  lock: RequestLock | undefined;
  channel: ((name: string) => Channel) | undefined;
  /** Takes what a listener of the application threw. */
  report(error: unknown): void;
}
