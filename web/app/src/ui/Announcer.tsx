// Short messages at the edge of the page, also spoken: that something was done, with a way to undo it.

import Button from "@mui/material/Button";
import Snackbar from "@mui/material/Snackbar";
import { createContext, type ReactNode, use, useCallback, useState } from "react";

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
      {children}
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
        sx={{ mb: { xs: 8, md: 0 } }}
      />
    </AnnounceContext>
  );
}
