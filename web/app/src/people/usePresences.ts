import { usePresence } from "@openhouse/client/react";
import { useMemo } from "react";
import { usePerson } from "../api/context";
import { useConnectionState } from "../live/context";
import { onlineCount, type Presences } from "./presence";

export interface Known {
  /** Empty while nobody can know: without a connection, what was told last is not so any more. */
  readonly presences: Presences;
  /** How many are online, this person among them. */
  readonly online: number | undefined;
}

/** Who of the brokerage is there. */
export function usePresences(): Known {
  const { items, isPending } = usePresence();
  const { status } = useConnectionState();
  const { id: me } = usePerson();
  const isKnown = status === "connected" && !isPending;
  return useMemo(
    () => (isKnown ? { presences: new Map(items.map((one) => [one.id, one])), online: onlineCount(items, me) } : NOBODY),
    [isKnown, items, me],
  );
}

const NOBODY: Known = { presences: new Map(), online: undefined };
