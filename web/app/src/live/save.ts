// Writing as a person does it: saved when the server says so; without a connection, kept here and sent later.

import type { Client } from "@openhouse/client";
import type { Waiting, Write as Wanted } from "@openhouse/client/offline";
import { useWrite, type Write, writeOf } from "../modules/data";
import type { CrmRecord, Module } from "../modules/modules";
import { useLive } from "./context";

/** `waiting`: its key; it is shown as if it were done. */
export type Saved = { readonly record: CrmRecord | undefined } | { readonly waiting: string };

const PATIENT = 8_000; // with a server that is there
const IMPATIENT = 1_500; // with one that was not there a moment ago

/** Rejects with why it was not done. */
export function useSave(module: Module): (deed: Write) => Promise<Saved> {
  const { client, offline, refusals } = useLive();
  const write = useWrite(module);
  return async (deed) => {
    const wanted = writeOf(module, deed);
    const done = write.mutateAsync(deed).then((record): Saved => ({ record }));
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

function isSame(one: Waiting, other: Wanted): boolean {
  return one.noun === other.noun && one.method === other.method && one.id === other.id && one.verb === other.verb;
}

/** Resolves when it is of no use to stand and wait. */
async function patience(client: Client, over: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const give = () => resolve(undefined);
    const timers = [setTimeout(give, client.state.status === "connected" ? PATIENT : navigator.onLine ? IMPATIENT : 0)];
    const stop = client.onState(({ status }) => {
      if (status !== "connected") timers.push(setTimeout(give, IMPATIENT));
    });
    over.addEventListener("abort", () => {
      for (const timer of timers) clearTimeout(timer);
      stop();
    });
  });
}
