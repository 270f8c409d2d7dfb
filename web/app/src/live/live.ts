// The live connection of whoever is signed in: one client for each tab, one socket for all of them, records and writes
// that outlive a reload. Made of the session, so there is one refresh of tokens for the whole browser.

import { browser, Client, ClientError } from "@openhouse/client";
import { ticks } from "@openhouse/client/ticks";
import { indexedDb, Offline } from "@openhouse/client/offline";
import { Tabs } from "@openhouse/client/tabs";
import type { QueryClient } from "@tanstack/react-query";
import { Refused } from "../session/issuer";
import type { Session } from "../session/session";
import { forgetVisits } from "../shell/recent";
import { tickWorker } from "../worker";
import { followAnswers, withAnswers } from "./answers";
import { wipeDrafts } from "./drafts";
import { Refusals } from "./refusals";
import { withRequestIds } from "./requestIds";

/** Changes that may wait; the next one is refused, and whoever wants it is told. */
export const MOST_WAITING = 100;

export interface Live {
  readonly client: Client;
  readonly offline: Offline;
  readonly tabs: Tabs;
  readonly refusals: Refusals;
}

const LAST = "openhouse-last"; // the id of whoever was signed in last

interface LiveOptions {
  readonly httpUrl: string;
  readonly user: string;
  readonly session: Session;
  readonly queries: QueryClient; // of what no commit tells
  readonly measured: number; // the share of visits that are
}

/** Paint what was kept once it resolves; it connects by itself. Undefined if it was stopped before. */
export async function startLive({ httpUrl, user, session, queries, measured }: LiveOptions, stopped: AbortSignal): Promise<Live | undefined> {
  await forgetOthers(user);
  if (stopped.aborted) return undefined; // as StrictMode does at once
  const made: { tabs?: Tabs; offline?: Offline } = {};
  const client = new Client({
    httpUrl,
    user,
    token: (previous) => tokenOf(session, previous),
    environment: withRequestIds({ ...browser(), tick: ticks(tickWorker) }, httpUrl), // ticks, so that nobody is taken to be gone whose tabs are hidden
    gate: (direct, self) => (made.tabs = new Tabs(direct, self, { user, onLead: (leads) => leads && void made.offline?.lead() })),
  });
  const store = withAnswers(indexedDb(nameOf(user)), queries);
  const offline = await Offline.open(client, { user, store, most: MOST_WAITING, leads: () => made.tabs?.leads ?? true });
  made.offline = offline;
  const { tabs } = made;
  if (stopped.aborted || !tabs) {
    await offline.close();
    return undefined;
  }
  const refusals = new Refusals(user);
  refusals.follow(offline);
  stopped.addEventListener("abort", followAnswers(queries, store, client));
  client.connect();
  if (client.environment.random() < measured) void measureLater(client, tabs, stopped);
  return { client, offline, tabs, refusals };
}

/** No screen waits for it. */
async function measureLater(client: Client, tabs: Tabs, stopped: AbortSignal): Promise<void> {
  const { measure } = await import("./measuring");
  if (!stopped.aborted) stopped.addEventListener("abort", measure(client, () => tabs.leads));
}

/** `wipe`: without a trace, as whoever signs out expects. Otherwise what waits is there the next time. */
export async function endLive(live: Live | undefined, user: string, { wipe }: { wipe: boolean }): Promise<void> {
  live?.client.disconnect();
  if (!wipe) return live?.offline.close();
  forgetTraces(user);
  await (live ? live.offline.wipe() : indexedDb(nameOf(user)).destroy());
}

const nameOf = (user: string): string => `openhouse:${user}`; // as Offline has it

/** What is kept beside the records. */
function forgetTraces(user: string): void {
  wipeDrafts();
  forgetVisits(user);
  try {
    localStorage.removeItem(`${nameOf(user)}:tasks`); // which ends of tasks were looked at, as the client has it
  } catch {
    // a browser that keeps nothing has nothing to forget
  }
}

async function tokenOf(session: Session, previous: string | undefined): Promise<string> {
  try {
    return await (previous === undefined ? session.token() : session.renew(previous));
  } catch (error) {
    if (error instanceof Refused) throw new ClientError("signed_out", error.message, { retryable: false });
    throw new ClientError("unreachable", "the sign-in service cannot be reached");
  }
}

/** Somebody whose session ended by itself finds what they left; not so whoever comes after them. */
async function forgetOthers(user: string): Promise<void> {
  try {
    const last = localStorage.getItem(LAST);
    if (last !== null && last !== user) {
      forgetTraces(last);
      await indexedDb(nameOf(last)).destroy();
    }
    localStorage.setItem(LAST, user);
  } catch {
    // a browser that keeps nothing has nothing to forget
  }
}
