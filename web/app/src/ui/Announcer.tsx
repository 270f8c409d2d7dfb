// Short messages at the edge of the page, also spoken: that something was done, with a way to undo it. And what is spoken of a
// notice that stands on the page itself.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Snackbar from "@mui/material/Snackbar";
import { createContext, type ReactNode, use, useCallback, useEffect, useRef, useState } from "react";
import { HIDDEN } from "./hidden";

const SPOKEN_WITHIN = 10_000; // milliseconds; whoever reads through the page finds the notice itself

interface Message {
  id: number;
  text: string;
  undo?: () => void;
}

type Announce = (text: string, undo?: () => void) => void;

const AnnounceContext = createContext<Announce>(() => undefined);

export function useAnnounce(): Announce {
  return use(AnnounceContext);
}

const SpeakContext = createContext<(text: string) => void>(() => undefined);

/** What is said to it, screen readers hear. */
export function useSpeak(): (text: string) => void {
  return use(SpeakContext);
}

/** Screen readers hear of a notice when it is there, and whenever it says something else. */
export function useSpoken(text: string | undefined): void {
  const speak = use(SpeakContext);
  useEffect(() => {
    if (text) speak(text);
  }, [speak, text]);
}

export function Announcer({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState<Message>();
  const [open, setOpen] = useState(false);
  const announce = useCallback<Announce>((text, undo) => {
    setMessage((before) => ({ id: (before?.id ?? 0) + 1, text, ...(undo ? { undo } : {}) }));
    setOpen(true);
  }, []);
  const close = () => setOpen(false);
  return (
    <AnnounceContext value={announce}>
      <Speaker>{children}</Speaker>
      <Snackbar
        key={message?.id}
        open={open}
        autoHideDuration={8000}
        onClose={(_event, reason) => reason !== "clickaway" && close()}
        message={message?.text}
        action={
          message?.undo && (
            <Button
              size="small"
              color="inherit"
              onClick={() => {
                message.undo?.();
                close();
              }}
            >
              Undo
            </Button>
          )
        }
        sx={{ mb: { xs: "calc(64px + var(--tray, 0px))", sm: 8, md: 0 } }}
      />
    </AnnounceContext>
  );
}

/** A region that was not there before its text is one that many screen readers do not speak. */
function Speaker({ children }: { children: ReactNode }) {
  const [spoken, setSpoken] = useState<readonly { id: number; text: string }[]>([]);
  const last = useRef(0);
  const speak = useCallback((text: string) => {
    const id = (last.current += 1);
    setSpoken((before) => [...before, { id, text }]);
    setTimeout(() => setSpoken((before) => before.filter((each) => each.id !== id)), SPOKEN_WITHIN);
  }, []);
  return (
    <SpeakContext value={speak}>
      <Box aria-live="polite" data-spoken sx={HIDDEN}>
        {spoken.map(({ id, text }) => (
          <p key={id}>{text}</p>
        ))}
      </Box>
      {children}
    </SpeakContext>
  );
}
