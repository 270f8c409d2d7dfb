// A record's steps in words: "changed price from $425,000 to $430,000 and checked off Appraisal in loan". Pure.

import { merge } from "@openhouse/client";
import type { HistoryStep } from "../contract";
import { listed, words } from "../ui/words";
import { isMap } from "./formValues";
import type { Field, Module } from "./modules";
import { textOf } from "./values";

type Wire = Readonly<Record<string, unknown>>;
type Named = (userId: string) => string;

/** Newest first, as they come. What a field was before is in the steps before. */
export function told(
  module: Module,
  newestFirst: readonly HistoryStep[],
  named: Named = () => "somebody",
): { step: HistoryStep; sentence: string }[] {
  let before: Wire = {};
  return newestFirst
    .toReversed()
    .map((step) => {
      const sentence = sentenceOf(module, step, before, named);
      before = merge(before, step.changes);
      return { step, sentence };
    })
    .toReversed();
}

const DEEDS: Record<string, string> = {
  created: "added this",
  archived: "archived this",
  restored: "took this out of the archive",
  deleted: "deleted this",
  recovered: "recovered this",
  converted: "converted this",
};

function sentenceOf(module: Module, step: HistoryStep, before: Wire, named: Named): string {
  const deed = DEEDS[step.action];
  const why = step.reason ? `, because: ${step.reason}` : "";
  if (deed) return deed + why;
  const parts = Object.entries(step.changes).flatMap(([name, value]) => {
    if (name === "ownerId" && typeof value === "string") return [`gave this to ${named(value)}`];
    const field = module.fields[name];
    return field && !field.assigned ? changed(field, value, before[name]) : [];
  });
  return parts.length > 0 ? listed(parts) + why : words(step.action).toLowerCase() + why;
}

function changed(field: Field, value: unknown, before: unknown): string[] {
  const label = field.label === "ID" ? "ID" : field.label.charAt(0).toLowerCase() + field.label.slice(1);
  const [patch, known] = [isMap(value) ? value : {}, isMap(before) ? before : {}];
  switch (field.type) {
    case "group":
      return Object.entries(patch).flatMap(([name, inner]) => {
        const each = field.fields?.[name];
        return each ? changed(each, inner, known[name]) : [];
      });
    case "items":
    case "files":
      return Object.entries(patch).map(([id, item]) => itemChanged(field, label, item, known[id]));
    case "tags":
      return Object.entries(patch).map(([tag, there]) => (there === null ? `removed the tag ${tag}` : `added the tag ${tag}`));
    case "ids":
      return Object.values(patch).map((there) => `${there === null ? "unlinked" : "linked"} a ${field.names ?? "record"}`);
    case "longText":
    case "list":
    case "id":
      return [value === null ? `cleared ${label}` : `changed ${label}`];
    default: {
      const [from, to] = [textOf(field, before), textOf(field, value)];
      if (!to) return [`cleared ${label}`];
      return [from ? `changed ${label} from ${from} to ${to}` : `set ${label} to ${to}`];
    }
  }
}

function itemChanged(field: Field, label: string, item: unknown, before: unknown): string {
  const title = itemTitle(isMap(item) && isMap(before) ? { ...before, ...item } : isMap(item) ? item : before);
  if (item === null) return `removed ${title} from ${label}`;
  if (!isMap(before)) return `added ${title} to ${label}`;
  const done = Object.keys(field.fields ?? {}).find((name) => field.fields?.[name]?.type === "boolean");
  const isDone = isMap(item) && done !== undefined ? item[done] : undefined;
  if (isDone === true) return `checked off ${title} in ${label}`;
  return isDone === false || isDone === null ? `opened ${title} in ${label} again` : `changed ${title} in ${label}`;
}

/** The first text in it. */
export function itemTitle(item: unknown): string {
  const texts = Object.values(isMap(item) ? { ...pick(item), ...item } : {});
  return String(texts.find((value) => typeof value === "string" && value !== "") ?? "an item");
}

const pick = (item: Wire): Wire => Object.fromEntries(["title", "name", "address", "number", "url"].map((name) => [name, item[name]]));
