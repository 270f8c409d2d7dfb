// What somebody may need where there is no network any more: loaded once there is nothing else to do.

const PARTS: readonly (() => Promise<unknown>)[] = [
  () => import("../live/WaitingDrawer"),
  () => import("./Palette"),
  () => import("../modules/DetailScreen"),
  () => import("../modules/FormScreens"),
  () => import("../modules/BulkBar"),
];
const SOON = 2_000;

/** Returns how to call it off. */
export function preload(): () => void {
  const timer = setTimeout(() => {
    for (const part of PARTS) void part().catch(() => undefined); // it is tried again when it is needed
  }, SOON);
  return () => clearTimeout(timer);
}
