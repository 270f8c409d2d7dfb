/** What `@openhouse/client/collaboration` offers. */

export { Collaboration, collaboration } from "./collaboration.js";
export type { EditLock, EditLockShown, EditLockStatus } from "./edit-lock.js";
export type { Listed } from "./live-list.js";
export type { News, Notifications } from "./notifications.js";
export type { PreferencesShown } from "./preferences.js";
export type { Store } from "./store.js";
export type { Maintenance, SystemShown } from "./system.js";
export { tasks } from "./tasks.js";
export type { Tasks } from "./tasks.js";
export type { Viewer, Viewers } from "./views.js";
export type * from "./wire.js";
