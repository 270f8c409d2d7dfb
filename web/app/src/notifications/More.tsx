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
  const end = useRef<HTMLDivElement>(null);
  const [attempt, setAttempt] = useState(0);
  const [hasFailed, setFailed] = useState(false);

  const load = useEffectEvent(async (): Promise<void> => {
    try {
      await fetchMore();
      setAttempt((before) => before + 1);
    } catch (why) {
      failed(why);
      setFailed(true);
    }
  });

  // An observer tells only of what changes, and at first. So each attempt has one of its own: what came may be nothing that
  // is shown, and this end be where it was.
  useEffect(() => {
    const { current } = end;
    if (!current || hasFailed) return undefined;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return;
        watch.disconnect();
        void load();
      },
      {
        root: current.closest("[role=dialog]"), // what scrolls
        rootMargin: "400px",
      },
    );
    watch.observe(current);
    return () => watch.disconnect();
  }, [attempt, hasFailed]);

  return (
    <Box ref={end} sx={{ p: 2 }}>
      {hasFailed ? (
        <Button fullWidth color="inherit" onClick={() => setFailed(false)}>
          Show more
        </Button>
      ) : (
        <Waiting>
          <Bars count={2} height={56} />
        </Waiting>
      )}
    </Box>
  );
}
