import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { State } from "../listener.js";
import { useLive } from "./provider.js";
import type { Live } from "./live.js";

const LOOK = 1_000;

export interface ConnectionState extends State {
  /** Milliseconds from the last request over the socket to its reply. */
  readonly latency: number | undefined;
  /** When nothing was missing, in milliseconds since 1970. */
  readonly lastSyncAt: number | undefined;
  /** Writes that are not done yet. */
  readonly waiting: number;
}

/** How it stands with the connection. `retry()` tries at once, also out of `error`. */
export function useConnection(): ConnectionState & { readonly retry: () => void } {
  const live = useLive();
  const read = useMemo(() => reader(live), [live]);
  const subscribe = useCallback(
    (changed: () => void) => {
      let stopLooking = (): void => undefined;
      const look = (): void => {
        changed();
        stopLooking = live.client.clock.after(LOOK, look);
      };
      const stops = [live.client.onState(changed), live.layer.onChange(changed), () => stopLooking()];
      look();
      return () => {
        for (const stop of stops) stop();
      };
    },
    [live],
  );
  const state = useSyncExternalStore(subscribe, read, read);
  const retry = useCallback(() => live.client.retry(), [live]);
  return { ...state, retry };
}

/** The same object for as long as nothing is different. */
function reader({ client, layer }: Live): () => ConnectionState {
  let known: ConnectionState | undefined;
  return () => {
    const { state, latency, lastSyncAt } = client;
    const waiting = layer.waiting.length;
    const isSame =
      known?.status === state.status &&
      known.reason === state.reason &&
      known.retryAt === state.retryAt &&
      known.latency === latency &&
      known.lastSyncAt === lastSyncAt &&
      known.waiting === waiting;
    if (!known || !isSame) known = { ...state, latency, lastSyncAt, waiting };
    return known;
  };
}
