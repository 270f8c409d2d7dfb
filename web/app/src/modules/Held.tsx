// Nothing jumps under whoever reads: what others add, remove and move waits until they want to see it.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { type RefObject, useEffect, useState } from "react";
import { plural } from "../ui/words";

const SCROLLED = 120; // px, from which on the top is not looked at

/** Whether somebody is in the middle of a list: has scrolled into it, or goes through it by keyboard. */
export function useReading(within: RefObject<HTMLElement | null>): boolean {
  const [reading, setReading] = useState(false);
  useEffect(() => {
    const look = () => setReading(scrollY > SCROLLED || within.current?.contains(document.activeElement) === true);
    const later = () => setTimeout(look); // the focus has left, and is nowhere yet
    look();
    addEventListener("scroll", look, { passive: true });
    document.addEventListener("focusin", look);
    document.addEventListener("focusout", later);
    return () => {
      removeEventListener("scroll", look);
      document.removeEventListener("focusin", look);
      document.removeEventListener("focusout", later);
    };
  }, [within]);
  return reading;
}

/** Takes no room of the page, as that would move it. */
export function Held({ count, show }: { count: number; show: () => void }) {
  return (
    <Box
      role="status"
      sx={{ position: "sticky", top: 72, zIndex: 2, height: 0, display: "grid", justifyItems: "center", overflow: "visible" }}
    >
      {count > 0 && (
        <Button variant="contained" size="small" onClick={show} sx={{ borderRadius: 999, boxShadow: 3 }}>
          {plural(count, "change")} · Show
        </Button>
      )}
    </Box>
  );
}
