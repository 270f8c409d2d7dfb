import { useEffect, useState } from "react";
import { usePerson } from "../api/context";
import type { CrmRecord } from "../modules/modules";

const FLASH = 1200; // milliseconds

/** Who else has just changed this record while it was shown here. */
export function useFlash({ version, updatedBy }: CrmRecord): string | undefined {
  const me = usePerson().id;
  const [seen, setSeen] = useState(version);
  const [flash, setFlash] = useState<{ by: string }>();
  if (version !== seen) {
    setSeen(version);
    if (version > seen && updatedBy !== me) setFlash({ by: updatedBy });
  }
  useEffect(() => {
    if (!flash) return undefined;
    const timer = setTimeout(() => setFlash(undefined), FLASH);
    return () => clearTimeout(timer);
  }, [flash]);
  return flash?.by;
}
