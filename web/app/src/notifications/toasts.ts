// Which notifications lie over the page, and for how long. Pure.

import type { Level } from "./looks";

const MOST = 3; // at once; all of them are in the list

/** In milliseconds; what has gone wrong stays until somebody has seen it. */
export const LASTS: Record<Level, number> = { info: 8_000, success: 8_000, warning: 15_000, error: Infinity };

interface Known {
  readonly id: string;
}

/** The newest last. */
export function withToast<One extends Known>(shown: readonly One[], one: One): readonly One[] {
  return [...shown.filter(({ id }) => id !== one.id), one].slice(-MOST);
}

export function withoutToast<One extends Known>(shown: readonly One[], id: string): readonly One[] {
  return shown.filter((one) => one.id !== id);
}

/** Without those that were read meanwhile, here or on another device. */
export function unreadToasts<One extends Known>(shown: readonly One[], items: readonly (Known & { readonly read: boolean })[]): readonly One[] {
  const read = new Set(items.filter((one) => one.read).map(({ id }) => id));
  return shown.some(({ id }) => read.has(id)) ? shown.filter(({ id }) => !read.has(id)) : shown;
}
