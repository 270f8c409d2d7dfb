// What every page has, and none waits for.

export { Mornings } from "../notifications/Mornings";
export { Follows } from "./Follows";
export { SystemBanner } from "../system/SystemBanner";
export { Corner } from "./Corner";
