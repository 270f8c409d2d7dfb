import { OpenhouseProvider } from "@openhouse/client/react";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useConfig, useSession } from "../session/context";
import type { Person } from "../session/issuer";
import { Splash } from "../ui/Splash";
import { LiveContext } from "./context";
import { SHARE } from "./share";
import { endLive, type Live, startLive } from "./live";

/** Connects as this person for as long as it is shown. */
export function LiveProvider({ person, children }: { person: Person; children: ReactNode }) {
  const session = useSession();
  const { httpUrl, demo } = useConfig();
  const measured = demo ? 1 : SHARE; // of a local run, all
  const queries = useQueryClient();
  const [live, setLive] = useState<Live>();

  useEffect(() => {
    const stop = new AbortController();
    const started = startLive({ httpUrl, user: person.id, session, queries, measured }, stop.signal);
    void started.then((made) => made && !stop.signal.aborted && setLive(made));
    return () => {
      stop.abort();
      const { state } = session;
      // Signed out, here or in another tab; or somebody else has signed in. Not: expired, or shown twice by StrictMode.
      const wipe = state.kind === "in" ? state.person.id !== person.id : state.kind === "out" && state.why !== "ended";
      void started.then((made) => endLive(made, person.id, { wipe }));
      setLive(undefined);
    };
  }, [httpUrl, measured, person.id, queries, session]);

  if (!live) return <Splash />;
  return (
    <LiveContext value={live}>
      <OpenhouseProvider client={live.client} offline={live.offline}>
        {children}
      </OpenhouseProvider>
    </LiveContext>
  );
}
