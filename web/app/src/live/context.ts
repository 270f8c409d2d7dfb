import { createContext, use, useCallback, useSyncExternalStore } from "react";
import type { State } from "@openhouse/client";
import type { Waiting } from "@openhouse/client/offline";
import type { Live } from "./live";
import type { Refusal } from "./refusals";

export const LiveContext = createContext<Live | undefined>(undefined);

/** The client of whoever is signed in, what it keeps, and the tabs that share its socket. */
export function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error("There is no live connection here.");
  return live;
}

export function useConnectionState(): State {
  const { client } = useLive();
  const watch = useCallback((changed: () => void) => client.onState(changed), [client]);
  return useSyncExternalStore(watch, () => client.state);
}

/** Changes that wait for the server, in their order. */
export function useWaiting(): readonly Waiting[] {
  const { offline } = useLive();
  const watch = useCallback((changed: () => void) => offline.onChange(changed), [offline]);
  return useSyncExternalStore(watch, () => offline.waiting);
}

/** Changes that were not taken, and that nobody has looked at yet. */
export function useRefusals(): readonly Refusal[] {
  const { refusals } = useLive();
  return useSyncExternalStore(refusals.subscribe, refusals.all);
}
