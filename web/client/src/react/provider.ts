/** Which client the hooks below are about. */

import type { QueryClient } from "@tanstack/react-query";
import { createContext, createElement, useContext, useEffect, useMemo } from "react";
import type { ReactElement, ReactNode } from "react";
import type { Client } from "../client.js";
import type { Offline } from "../offline/offline.js";
import { Live } from "./live.js";

const Context = createContext<Live | undefined>(undefined);

export interface OpenhouseProviderProps {
  readonly client: Client;
  /** Where writes wait, and what they look like meanwhile. Without it they are sent at once. */
  readonly offline?: Offline | undefined;
  /** One of the application's own, if it wants one for all. */
  readonly queryClient?: QueryClient | undefined;
  readonly children?: ReactNode;
}

/** Connecting and disconnecting is the application's. */
export function OpenhouseProvider({ client, offline, queryClient, children }: OpenhouseProviderProps): ReactElement {
  const live = useMemo(() => new Live(client, offline, queryClient), [client, offline, queryClient]);
  useEffect(() => live.start(), [live]);
  return createElement(Context, { value: live }, children);
}

export function useLive(): Live {
  const live = useContext(Context);
  if (!live) throw new Error("there is no OpenhouseProvider above this");
  return live;
}

export function useClient(): Client {
  return useLive().client;
}
