// Who else looks at the record of a page, told to whatever on it says so. To show it is to look at the record.

import type { Noun } from "@openhouse/client";
import { useViewers, type Viewers } from "@openhouse/client/react";
import { createContext, type ReactNode, use } from "react";

const Context = createContext<Viewers["viewers"]>([]);

export function WithViewers({ noun, id, children }: { noun: string; id: string; children: ReactNode }) {
  const { viewers } = useViewers(noun as Noun, id);
  return <Context value={viewers}>{children}</Context>;
}

/** The others. */
export function useOthers(): Viewers["viewers"] {
  return use(Context);
}
