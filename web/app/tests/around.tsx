/** What is around every screen: who is signed in, what is asked, and what is spoken. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ApiContext } from "../src/api/context";
import { Api } from "../src/api/http";
import type { Session } from "../src/session/session";
import { Announcer } from "../src/ui/Announcer";

export const api = new Api("http://fake", { token: async () => "token" } as unknown as Session);

export function Around({ children }: { children: ReactNode }) {
  const [queries] = useState(() => new QueryClient());
  return (
    <ApiContext value={{ api, person: { id: "ava", name: "Ava", email: "ava@example.com" } }}>
      <QueryClientProvider client={queries}>
        <Announcer>{children}</Announcer>
      </QueryClientProvider>
    </ApiContext>
  );
}

export const heard = (): (string | null)[] => [...document.querySelectorAll("[data-spoken] > *")].map(({ textContent }) => textContent);
