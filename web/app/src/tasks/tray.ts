// Which tasks the tray shows, for how long, and what is said of them. Pure.

import type { Task } from "@openhouse/client";
import { listed, words } from "../ui/words";

export type Shown = Task & { readonly isNew: boolean };
export type Status = Task["status"];

/** Milliseconds for which what has ended is shown, while nobody is at it; what has failed is, until it is closed. */
export const LASTS: Readonly<Record<Status, number>> = { running: Infinity, proposed: Infinity, completed: 3_000, cancelled: 8_000, failed: Infinity };

export const isOver = ({ status }: Pick<Task, "status">): boolean => status !== "running" && status !== "proposed";

/** What runs, what waits, and what has ended since somebody looked; what is being undone, by the task that does so. */
export function inTray<One extends Shown>(items: readonly One[]): readonly One[] {
  return items.filter((task) => !isOver(task) || (task.isNew && !isUndone(task, items)));
}

/** The task that has taken it back, or is about to. */
export function undoingOf({ id }: Task, items: readonly Task[]): Task | undefined {
  return items.find(({ undoes, status }) => undoes === id && (status === "running" || status === "completed"));
}

export const isUndone = (task: Task, items: readonly Task[]): boolean => undoingOf(task, items) !== undefined;

/** "2 at work, 1 waits for you" */
export function summaryOf(tasks: readonly Task[]): string {
  const count = (status: Status): number => tasks.filter((task) => task.status === status).length;
  const waiting = count("proposed");
  const parts: readonly (readonly [number, string])[] = [
    [count("running"), "at work"],
    [waiting, waiting === 1 ? "waits for you" : "wait for you"],
    [count("failed"), "failed"],
    [count("completed"), "done"],
    [count("cancelled"), "cancelled"],
  ];
  return parts.flatMap(([many, what]) => (many > 0 ? `${many} ${what}` : [])).join(", ");
}

/** "800 compared · 3 found" */
export function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .flatMap(([name, count]) => (count > 0 ? `${count.toLocaleString()} ${words(name).toLowerCase()}` : []))
    .join(" · ");
}

export type Known = ReadonlyMap<string, Status>;

export const statusesOf = (items: readonly Task[]): Known => new Map(items.map(({ id, status }) => [id, status]));

/** What is spoken when these follow what was known: that one begins, waits or ends; not how far each is. */
export function newsOf(items: readonly Task[], known: Known, titleOf: (task: Task) => string): string {
  const changed = items.filter(({ id, status }) => known.get(id) !== status);
  return listed(changed.map((task) => newsText(task, titleOf(task), known.has(task.id)))).concat(changed.length > 0 ? "." : "");
}

function newsText({ status, message, problem }: Task, title: string, goesOn: boolean): string {
  switch (status) {
    case "running":
      return `${title}: ${goesOn ? "at work again" : "begun"}`;
    case "proposed":
      return `${title} waits for you: ${message}`;
    case "completed":
      return `${title} is done: ${message}`;
    case "failed":
      return [`${title} has failed`, problem?.detail].filter(Boolean).join(": ");
    case "cancelled":
      return `${title} was cancelled`;
    default:
      return title;
  }
}
