/** The hook about tasks, in a file of its own: few screens need it, and none at once. */

import { useSyncExternalStore } from "react";
import { tasks } from "../collaboration/tasks.js";
import type { Tasks } from "../collaboration/tasks.js";
import { useClient } from "./provider.js";

export type { Task } from "../collaboration/wire.js";
export type { Tasks } from "../collaboration/tasks.js";

/** What the server works on for this person, or has in the last days. */
export function useTasks(): Tasks {
  const { subscribe, snapshot } = tasks(useClient());
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}
