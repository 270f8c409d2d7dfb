// What somebody may need where there is no network any more: loaded once there is nothing else to do.

import type { AnyRouter } from "@tanstack/react-router";

const PARTS: readonly (() => Promise<unknown>)[] = [
  () => import("../live/WaitingDrawer"),
  () => import("../people/RosterPopover"),
  () => import("../notifications/NotificationPanel"),
  () => import("./Palette"),
  () => import("../modules/BulkBar"),
  () => import("../imports/ImportDialog"),
  () => import("../imports/ProposalForm"),
  () => import("../texts/PasteForm"),
  () => import("../texts/RecordsForm"),
  () => import("../texts/DatesForm"),
  () => import("../texts/DescriptionForm"),
];
const SOON = 2_000;

/** Every screen among it; nothing where a worker has all of it. Returns how to call it off. */
export function preload(router: AnyRouter): () => void {
  if (navigator.serviceWorker?.controller) return () => undefined;
  const timer = setTimeout(() => {
    const screens = Object.values(router.routesById).map((route) => async () => router.loadRouteChunk(route));
    for (const part of [...PARTS, ...screens]) void part().catch(() => undefined); // it is tried again when it is needed
  }, SOON);
  return () => clearTimeout(timer);
}
