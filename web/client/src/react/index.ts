/** What `@openhouse/client/react` offers. */

export { Conflict } from "./conflict.js";
export type { Filters } from "./matching.js";
export { OpenhouseProvider, useClient } from "./provider.js";
export type { OpenhouseProviderProps } from "./provider.js";
export { useConnection } from "./use-connection.js";
export type { ConnectionState } from "./use-connection.js";
export { useHistory } from "./use-history.js";
export type { RecordHistory } from "./use-history.js";
export { useMutateRecord } from "./use-mutate-record.js";
export type { MutateRecord, Mutations, Of } from "./use-mutate-record.js";
export { useRecord } from "./use-record.js";
export type { OneRecord } from "./use-record.js";
export { useRecords } from "./use-records.js";
export type { Records, RecordsOptions } from "./use-records.js";
export {
  useEditLock,
  useLocks,
  useNotifications,
  usePreferences,
  usePresence,
  useSystem,
  useTyping,
  useViewers,
} from "./use-together.js";
export type {
  EditLockShown,
  EditLockStatus,
  Listed,
  Maintenance,
  Notifications,
  PreferencesShown,
  SystemShown,
  Viewer,
  Viewers,
} from "../collaboration/index.js";
export type { EditLockOptions, Typing } from "./use-together.js";
export { useStats } from "./use-stats.js";
export type { Select, Stats } from "./use-stats.js";
