import { createContext, use, useSyncExternalStore } from "react";
import type { Config } from "../config";
import type { Session, SessionState } from "./session";

export const SessionContext = createContext<{ session: Session; config: Config } | undefined>(undefined);

export function useSession(): Session {
  return useBoth().session;
}

export function useConfig(): Config {
  return useBoth().config;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.snapshot);
}

function useBoth(): { session: Session; config: Config } {
  const both = use(SessionContext);
  if (!both) throw new Error("There is no session here.");
  return both;
}
