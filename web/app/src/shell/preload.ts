// What somebody may need where there is no network any more: loaded once there is nothing else to do.

import { loadAll } from "../ui/part";

const SOON = 2_000;

/** Not every browser says anything of it. */
type Connected = Navigator & { readonly connection?: { readonly saveData?: boolean } };

/** Nothing where a worker has all of it, or where somebody saves data. Returns how to call it off. */
export function preload(): () => void {
  const { serviceWorker, connection }: Connected = navigator;
  if (serviceWorker?.controller || connection?.saveData) return () => undefined;
  const timer = setTimeout(() => void loadAll(), SOON);
  return () => clearTimeout(timer);
}
