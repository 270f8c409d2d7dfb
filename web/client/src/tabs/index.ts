/** What `@openhouse/client/tabs` offers. */

export { Tabs } from "./tabs.js";
export type { TabsOptions } from "./tabs.js";
