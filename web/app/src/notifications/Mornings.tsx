import { usePreferences } from "@openhouse/client/react";
import { useEffect, useRef } from "react";
import { useOwnZone } from "../ownZone";

/** Says once where this person is, which decides when it is morning for them. Of two devices, the one opened last is right. */
export function Mornings() {
  const zone = useOwnZone();
  const { timeZone, isPending, liveIn } = usePreferences();
  const said = useRef("");
  useEffect(() => {
    if (isPending || said.current === zone) return;
    said.current = zone;
    if (timeZone !== zone) liveIn(zone).catch(() => undefined); // when the app is opened again
  }, [isPending, zone, timeZone, liveIn]);
  return null;
}
