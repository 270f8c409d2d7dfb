import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import { Trash2 } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";

interface Props {
  name: string;
  remove: () => void;
  children: ReactNode; // what stands in its place
}

/** Asked before it is done: whoever wants the file back has to upload it again. */
export function RemoveFile({ name, remove, children }: Props) {
  const [asked, setAsked] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  if (!asked) {
    return (
      <Box sx={{ display: "flex", alignItems: "center", gap: 0.5, minWidth: 0 }}>
        {children}
        <IconButton ref={button} aria-label={`Remove ${name}`} onClick={() => setAsked(true)}>
          <Trash2 size={16} aria-hidden />
        </IconButton>
      </Box>
    );
  }
  return (
    <Box role="group" aria-label={`Remove ${name}?`} sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 0.5 }}>
      <Box component="span" sx={{ flex: 1, minWidth: 0, overflowWrap: "anywhere" }}>
        Remove {name} for everyone?
      </Box>
      <Button color="error" onClick={remove}>
        Remove
      </Button>
      <Button color="inherit" autoFocus onClick={() => setAsked(false)}>
        Keep
      </Button>
    </Box>
  );
}
