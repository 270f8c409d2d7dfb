import { useLocks } from "@openhouse/client/react";

/** Follows who edits what from the beginning: no row that comes is a reason to ask. */
export function Follows() {
  useLocks();
  return null;
}
