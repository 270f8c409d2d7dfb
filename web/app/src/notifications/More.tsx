// The end of what is loaded: what comes after it is loaded as soon as somebody is nearly there.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Bars, Waiting } from "../ui/states";

interface Props {
  fetchMore: () => Promise<void>;
  failed: (why: unknown) => void;
}

export function More({ fetchMore, failed }: Props) {
  const [attempt, setAttempt] = useState(0);
  const [hasFailed, setFailed] = useState(false);

  async function load(): Promise<void> {
    try {
      await fetchMore();
      setAttempt((before) => before + 1);
    } catch (why) {
      failed(why);
      setFailed(true);
    }
  }

  return (
    <Box sx={{ p: 2 }}>
      {hasFailed ? (
        <Button fullWidth color="inherit" onClick={() => setFailed(false)}>
          Show more
        </Button>
      ) : (
        <>
          <End key={attempt} near={() => void load()} />
          <Waiting>
            <Bars count={2} height={56} />
          </Waiting>
        </>
      )}
    </Box>
  );
}

/**
 * Says once that it is nearly seen. An observer tells only of what changes, and at first: so each attempt has one of its own,
 * as what came may be nothing that is shown, and the end where it was.
 */
function End({ near }: { near: () => void }) {
  const end = useRef<HTMLDivElement>(null);
  const isNear = useEffectEvent(near);
  useEffect(() => {
    const { current } = end;
    if (!current) return undefined;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return;
        watch.disconnect();
        isNear();
      },
      {
        root: current.closest("[role=dialog]"), // what scrolls
        rootMargin: "400px",
      },
    );
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  return <div ref={end} />;
}
