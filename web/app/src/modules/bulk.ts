// One change of many records: in one request, with a result for each.

import { type Client, type Noun, Problem } from "@openhouse/client";
import { newId } from "../ids";
import { type CrmRecord, type Module, titleOf } from "./modules";

export interface BulkResult {
  readonly done: readonly string[]; // ids
  readonly failed: readonly { readonly id: string; readonly title: string; readonly why: string }[];
}

export type Change = (record: CrmRecord) => Readonly<Record<string, unknown>>;

const MOST = 500; // entries of one request
const TRIES = 5; // of one that the server had no time to finish

interface Options {
  readonly why: (error: unknown) => string; // of an entry that was refused, in a sentence
  readonly guarded: boolean; // not if somebody has changed the record since it was shown
}

/** Rejects if nothing is known of the outcome. */
export async function changeAll(client: Client, module: Module, records: readonly CrmRecord[], change: Change, { why: words, guarded }: Options): Promise<BulkResult> {
  const done: string[] = [];
  const failed: BulkResult["failed"][number][] = [];
  for (let start = 0; start < records.length; start += MOST) {
    const part = records.slice(start, start + MOST);
    const entries = part.map((record) => ({
      id: record.id,
      changes: change(record),
      ...(guarded ? { version: record.version } : {}),
    }));
    // oxlint-disable-next-line eslint/no-await-in-loop -- one after the other, as the server writes them
    const results = await send(client, module.noun as Noun, entries, words);
    for (const [index, record] of part.entries()) {
      const why = results[index];
      if (why === undefined) done.push(record.id);
      else failed.push({ id: record.id, title: titleOf(module, record), why });
    }
  }
  return { done, failed };
}

/** Why each was not done; undefined where it was. */
async function send(client: Client, noun: Noun, entries: readonly object[], words: Options["why"]): Promise<readonly (string | undefined)[]> {
  const idempotencyKey = newId();
  for (let tries = 1; ; tries += 1) {
    // oxlint-disable-next-line eslint/no-await-in-loop -- the same again, after it was answered
    const { results } = await client.rest.bulk(noun, { entries } as never, { idempotencyKey });
    const busy = results.some(({ status }) => status === 503);
    if (busy && tries < TRIES) continue;
    return results.map((result) => ("error" in result ? refusalText(result, words) : undefined));
  }
}

interface Refused {
  readonly status: number;
  readonly error: { readonly code: string; readonly title: string; readonly detail?: string };
}

function refusalText({ error, status }: Refused, words: Options["why"]): string {
  if (status === 412) return "Somebody changed it meanwhile.";
  return words(new Problem(status, error.code, error.detail ?? error.title, { retryable: false }, { ...error }));
}
