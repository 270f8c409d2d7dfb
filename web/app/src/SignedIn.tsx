// All of the app for one person: what they leave behind, such as its cache, goes when somebody else signs in.

import { notifyManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { Api, ApiProblem } from "./api/http";
import { ApiContext } from "./api/context";
import { LiveProvider } from "./live/LiveProvider";
import { routerOf } from "./router";
import { useConfig, useSession } from "./session/context";
import { type Person, Refused } from "./session/issuer";
import { Announcer } from "./ui/Announcer";

// What a frame patches is drawn with that very frame: without this, hooks hear of it only behind it.
notifyManager.setScheduler(queueMicrotask);

export default function SignedIn({ person }: { person: Person }) {
  const session = useSession();
  const { httpUrl } = useConfig();
  const [api] = useState(() => new Api(httpUrl, session));
  const [queries] = useState(newQueries);
  const [router] = useState(routerOf);
  return (
    <ApiContext value={{ api, person }}>
      <QueryClientProvider client={queries}>
        <LiveProvider person={person}>
          <Announcer>
            <RouterProvider router={router} />
          </Announcer>
        </LiveProvider>
      </QueryClientProvider>
    </ApiContext>
  );
}

function newQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 10_000, retry: (times, error) => times < 3 && mayBeRetried(error) },
    },
  });
}

function mayBeRetried(error: unknown): boolean {
  if (error instanceof Refused) return false;
  return error instanceof ApiProblem ? (error.problem.retryable ?? error.status >= 500) : true;
}
