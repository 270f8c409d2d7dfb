// What every page has, and none waits for.

export { Mornings } from "../notifications/Mornings";
export { Follows } from "./Follows";
export { SystemBanner } from "../system/SystemBanner";
export { Toasts } from "../notifications/Toasts";
export { TaskTray } from "../tasks/TaskTray";
export { DropAnywhere } from "../imports/DropAnywhere";
