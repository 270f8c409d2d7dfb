// Writing as a person does it: saved when the server says so; without a connection, kept here and sent later.

import type { Client, Noun, Status } from "@openhouse/client";
import type { Waiting, Write as Wanted } from "@openhouse/client/offline";
import { useMutateRecord } from "@openhouse/client/react";
import type { CrmRecord, Module } from "../modules/modules";
import { useLive } from "./context";

export interface Write {
  method: "POST" | "PATCH" | "DELETE";
  path: string; // below the module's: "", "/{id}", "/{id}/archive"
  body?: unknown;
  version?: number;
}

/** `waiting`: its key; it is shown as if it were done. */
type Saved = { readonly record: CrmRecord | undefined } | { readonly waiting: string };

// How long somebody stands and waits for the answer.
const PATIENT = 15_000;
const LESS_PATIENT = 5_000; // since the connection is gone
const IMPATIENT = 1_500; // where it was gone already

/** Rejects with why it was not done. */
export function useSave(module: Module): (deed: Write) => Promise<Saved> {
  const { client, offline, refusals } = useLive();
  const { write } = useMutateRecord(module.noun as Noun);
  return async (deed) => {
    const wanted = writeOf(module, deed);
    const done = write(wanted).then((record): Saved => ({ record: record as unknown as CrmRecord | undefined }));
    const late = new AbortController();
    try {
      const saved = await Promise.race([done, patience(client, late.signal)]);
      if (saved) return saved;
      const found = offline.waiting.findLast((each) => isSame(each, wanted));
      if (!found) return await done;
      done.catch(() => undefined); // told among the refusals
      return { waiting: found.key };
    } catch (error) {
      refusals.told(wanted);
      throw error;
    } finally {
      late.abort();
    }
  };
}

function writeOf(module: Module, { method, path, body, version }: Write): Wanted {
  const [, id, verb] = path.split("/");
  return {
    noun: module.noun as Noun,
    method,
    ...(id === undefined ? {} : { id: decodeURIComponent(id) }),
    ...(verb === undefined ? {} : { verb }),
    ...(body === undefined ? {} : { body: body as Readonly<Record<string, unknown>> }),
    ...(version === undefined ? {} : { version }),
  };
}

function isSame(one: Waiting, other: Wanted): boolean {
  return one.noun === other.noun && one.method === other.method && one.id === other.id && one.verb === other.verb;
}

const isAway = (status: Status): boolean => status === "disconnected" || status === "error";

/** Resolves when it is of no use to stand and wait. */
async function patience(client: Client, over: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const timers: ReturnType<typeof setTimeout>[] = [];
    const giveUpAfter = (milliseconds: number) => timers.push(setTimeout(() => resolve(undefined), milliseconds));
    const { status: at } = client.state;
    giveUpAfter(navigator.onLine ? (isAway(at) ? IMPATIENT : PATIENT) : 0);
    const stop = client.onState(({ status }) => {
      if (status === "disconnected") giveUpAfter(0);
      else if (status !== "connected" && status !== "connecting") giveUpAfter(LESS_PATIENT);
    });
    over.addEventListener("abort", () => {
      for (const timer of timers) clearTimeout(timer);
      stop();
    });
  });
}
