import { useEffect, useRef, useState } from "react";
import { usePerson } from "../api/context";
import type { CrmRecord } from "./modules";

export const FLASH = 1_200;

/** Who has just changed it, for a moment; not if that was oneself, nor for whoever wants nothing to move. */
export function useFlash({ id, version, updatedBy }: CrmRecord): string | undefined {
  const { id: me } = usePerson();
  const seen = useRef({ id, version });
  const [by, setBy] = useState<string>();
  useEffect(() => {
    const isNews = seen.current.id === id && version > seen.current.version && seen.current.version > 0;
    seen.current = { id, version };
    if (!isNews || updatedBy === me || matchMedia("(prefers-reduced-motion: reduce)").matches) return undefined;
    setBy(updatedBy);
    const timer = setTimeout(() => setBy(undefined), FLASH);
    return () => {
      clearTimeout(timer);
      setBy(undefined);
    };
  }, [id, version, updatedBy, me]);
  return by;
}
