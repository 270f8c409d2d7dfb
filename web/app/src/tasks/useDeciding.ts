import { useState } from "react";
import { useWhy } from "../together/useWhy";

/** Of a dialog in which something is decided once: whether that is on its way, and why it was not done. */
export function useDeciding(): { busy: boolean; problem: string; decide: (done: () => Promise<void>) => void } {
  const why = useWhy();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const decide = (does: () => Promise<void>): void => {
    setBusy(true);
    setProblem("");
    void does()
      .catch((error: unknown) => setProblem(why(error)))
      .finally(() => setBusy(false));
  };
  return { busy, problem, decide };
}
