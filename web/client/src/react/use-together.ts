/** Hooks about working together. What is behind them is loaded by itself; until it is there, nothing is known. */

import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Collaboration } from "../collaboration/collaboration.js";
import type { EditLockShown } from "../collaboration/edit-lock.js";
import type { Listed } from "../collaboration/live-list.js";
import type { Notifications } from "../collaboration/notifications.js";
import type { PreferencesShown } from "../collaboration/preferences.js";
import type { Store } from "../collaboration/store.js";
import type { SystemShown } from "../collaboration/system.js";
import type { Viewers } from "../collaboration/views.js";
import type { Lock, Presence } from "../collaboration/wire.js";
import type { Noun } from "../types.js";
import { useLive } from "./provider.js";

export interface Typing {
  /** Who else types in this field. */
  readonly typists: readonly string[];
  /** To be called with each change of the field, and when it is left. */
  readonly typing: () => void;
  readonly stopped: () => void;
}

export interface EditLockOptions {
  /** Somebody edits: the lock is taken, kept and given back. Without it, only who has it is told. */
  readonly wanted?: boolean;
}

const nothing = async (): Promise<void> => undefined;
const never = (): (() => void) => () => undefined;
/** What every one of them says at first. */
const BLANK = {
  items: [],
  viewers: [],
  broadcasts: [],
  kinds: {},
  unread: 0,
  isPending: true,
  hasMore: false,
  error: null,
  status: "free",
  fetchMore: nothing,
  markRead: nothing,
  markAllRead: nothing,
  send: nothing,
  change: nothing,
  take: nothing,
  takeOver: nothing,
} as const;

function useTogether(): Collaboration | undefined {
  const live = useLive();
  const [all, setAll] = useState(live.collaboration);
  useEffect(() => {
    const load = (): void => void live.together().then(setAll, nothing);
    load();
    return live.client.onState(load); // it may have been out of reach
  }, [live]);
  return all;
}

function useStore<Shown>(store: Store<Shown> | undefined): Shown {
  const read = store?.snapshot ?? ((): Shown => BLANK as unknown as Shown);
  return useSyncExternalStore(store?.subscribe ?? never, read, read);
}

/** Everybody in the brokerage. */
export function usePresence(): Listed<Presence> {
  return useStore(useTogether()?.presence);
}

/** Every lock that there is on a record which this person may read. */
export function useLocks(): Listed<Lock> {
  return useStore(useTogether()?.locks.list);
}

/** Who else looks at a record. They are told that this person does. */
export function useViewers(noun: Noun, id: string | undefined): Viewers {
  const all = useTogether();
  return useStore(id === undefined ? undefined : all?.views.of(noun, id));
}

/** Who else types in a field of a record. */
export function useTyping(noun: Noun, id: string, field: string): Typing {
  const all = useTogether();
  const views = all?.views.of(noun, id);
  const { viewers } = useStore(views);
  useEffect(() => () => views?.types(field, false), [views, field]);
  return useMemo(
    () => ({
      typists: viewers.filter(({ fields }) => fields.includes(field)).map(({ userId }) => userId),
      typing: () => views?.types(field),
      stopped: () => views?.types(field, false),
    }),
    [viewers, views, field],
  );
}

/** The lock of a record, while somebody edits it. Saves by this client say that they are made under it. */
export function useEditLock(noun: Noun, id: string | undefined, { wanted = true }: EditLockOptions = {}): EditLockShown {
  const locks = useTogether()?.locks;
  const store = useMemo(
    () => (id === undefined ? undefined : wanted ? locks?.of(noun, id) : locks?.watched(noun, id)),
    [locks, noun, id, wanted],
  );
  return useStore(store);
}

/** What this person is notified of. */
export function useNotifications(): Notifications {
  return useStore(useTogether()?.notifications);
}

/** Of what they want to be notified, and how. */
export function usePreferences(): PreferencesShown {
  return useStore(useTogether()?.preferences);
}

/** Maintenance that is ahead or on, and what everybody is told. */
export function useSystem(): SystemShown {
  return useStore(useTogether()?.system);
}
