import { useEffect, useState } from "react";
import { useLive } from "../live/context";

type Parts = typeof import("./later");

/** Loaded beside the first page; where it cannot be, with the next connection. */
export function useLater(): Parts | undefined {
  const { client } = useLive();
  const [parts, setParts] = useState<Parts>();
  useEffect(() => {
    const load = (): void =>
      void import("./later").then(
        (loaded) => setParts(loaded),
        () => undefined,
      );
    load();
    return client.onState(load);
  }, [client]);
  return parts;
}
