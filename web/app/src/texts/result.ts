// What has come of reading a text. Pure.

import type { Task } from "@openhouse/client";

export function madeOf({ result }: Pick<Task, "result">): readonly { readonly noun: string; readonly id: string }[] {
  const records = result?.["records"];
  return Array.isArray(records) ? (records as { noun: string; id: string }[]) : [];
}
