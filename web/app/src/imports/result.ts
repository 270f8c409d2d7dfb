// What has come of an import. Pure.

import type { Task } from "@openhouse/client";
import { countsText } from "../tasks/tray";

interface RowsFile {
  readonly fileId: string;
  readonly rows: number;
}

/** The file of the rows that somebody should look at, if there are any. */
export function rowsFileOf({ result }: Pick<Task, "result">): RowsFile | undefined {
  const report = result?.["report"];
  return typeof report === "object" && report !== null && "fileId" in report ? (report as RowsFile) : undefined;
}

/** "10 created · 2 skipped · 1 rejected": every row is one of these; warned ones are among them, linked records beside them. */
export function importTold({ undoes, counts }: Pick<Task, "undoes" | "counts">): string {
  const { created = 0, updated = 0, skipped = 0, rejected = 0, warned = 0, linked = 0, removed = 0, restored = 0, left = 0 } = counts;
  return undoes === undefined ? countsText({ created, updated, skipped, rejected, warned, linked }) : countsText({ removed, restored, left });
}

interface Left {
  readonly id: string;
  readonly name: string;
  readonly line: number;
  readonly why: string;
}

/** Of an undoing: what it has not taken back. */
export function leftOf({ result }: Pick<Task, "result">): readonly Left[] {
  const left = result?.["leftRecords"];
  return Array.isArray(left) ? (left as readonly Left[]) : [];
}
