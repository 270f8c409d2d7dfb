// A change in words, as for a list of those that wait: "Change 12 Harbor Way: price to $430,000 and city to Davis". Pure.

import type { Write } from "@openhouse/client/offline";
import { type CrmRecord, type Module, moduleOf, titleOf } from "../modules/modules";
import { textOf } from "../modules/values";
import { listed } from "../ui/words";

const VERBS: Record<string, (title: string) => string> = {
  archive: (title) => `Archive ${title}`,
  restore: (title) => `Take ${title} out of the archive`,
  recover: (title) => `Bring ${title} back`,
  reopen: (title) => `Reopen ${title}`,
  convert: (title) => `Convert ${title} to a client`,
};

/** `record`: what the change is about, as far as it is known. */
export function deedText(write: Write, record: object | undefined): string {
  const { noun, method, id, verb, body = {} } = write;
  const module = moduleOf(noun);
  if (!module) return `Change a record (${noun})`;
  const known = { id: id ?? "", ...(id === undefined ? body : record) } as unknown as CrmRecord;
  const named = record || id === undefined ? titleOf(module, known) : "";
  const title = named.trim() && !named.includes("~") ? named : `a ${noun}`;
  if (method === "DELETE") return `Delete ${title}`;
  if (id === undefined) return `Create ${noun} ${title}`;
  if (verb !== undefined) return (VERBS[verb] ?? ((it: string) => `${verb} ${it}`))(title);
  return `Change ${title}: ${changesText(module, body)}`;
}

function changesText(module: Module, patch: object): string {
  const parts = Object.entries(patch).map(([name, value]) => {
    const field = module.fields[name];
    const label = field ? field.label.charAt(0).toLowerCase() + field.label.slice(1) : name;
    if (value === null) return `no ${label}`;
    const text = field ? textOf(field, value) : "";
    return text ? `${label} to ${text}` : label;
  });
  return listed(parts.length > 4 ? [...parts.slice(0, 3), `${parts.length - 3} more`] : parts);
}
