import { useCallback } from "react";
import { usePerson } from "../api/context";
import { complaintOf } from "../api/complaint";
import { useNames } from "../modules/data";
import { type Names, refusedText } from "./lockWords";

/** Who looks, and what everybody is called. */
export function useWords(): Names {
  const { id: me } = usePerson();
  const named = useNames();
  return { me, named };
}

/** Why something was not done, in a sentence: with the name of whoever has locked it. */
export function useWhy(): (error: unknown) => string {
  const { id: me } = usePerson();
  const named = useNames();
  return useCallback(
    (error) => {
      const { held, message } = complaintOf(error);
      return held ? refusedText(held, { me, named }) : message;
    },
    [me, named],
  );
}
