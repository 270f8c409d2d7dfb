// Where a text is pasted that is to be read. What stands there stays until it was read, over a reload and without a network.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import type { NewTask } from "@openhouse/client/collaboration";
import { Link as RouterLink } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { usePerson } from "../api/context";
import { useConnectionState } from "../live/context";
import { dropDraft, readDraft, writeDraft } from "../live/drafts";
import { ownZone } from "../ownZone";
import { useDeciding } from "../tasks/useDeciding";
import { Card } from "../ui/layout";
import { lengthOf, MOST, refusalOf } from "./paste";
import { useBegin } from "./useBegin";

interface Props {
  kind: NewTask["kind"];
  place: string; // its address, by which it is kept
  back: string;
  more?: object; // of the input, beside the text
  placeholder: string;
  children: ReactNode; // what will be made of it
}

export default function PasteForm({ kind, place, back, more, placeholder, children }: Props) {
  const { id: user } = usePerson();
  const begin = useBegin();
  const { busy, problem, decide } = useDeciding();
  const [text, setText] = useState(() => readDraft<string>(user, place)?.content ?? "");
  const [refusal, setRefusal] = useState<string>();
  const { status } = useConnectionState();
  const isOffline = status === "disconnected" || status === "reconnecting" || status === "error";
  const length = lengthOf(text);

  useEffect(() => {
    if (text) writeDraft(user, place, { at: Date.now(), content: text });
    else dropDraft(user, place);
  }, [user, place, text]);

  function send(event: FormEvent): void {
    event.preventDefault();
    const found = refusalOf(text);
    setRefusal(found);
    if (found === undefined) decide(async () => begin(kind, { ...more, text: text.trim(), timeZone: ownZone() }));
  }

  return (
    <Card>
      <Box component="form" noValidate aria-label="What is to be read" onSubmit={send} sx={{ display: "grid", gap: 2 }}>
        <Typography color="textSecondary">{children}</Typography>
        {isOffline && <Alert severity="info">There is no connection to the server. What you paste stays here, and can be read when it is back.</Alert>}
        {problem && <Alert severity="error">{problem}</Alert>}
        <TextField
          label="Text"
          multiline
          fullWidth
          autoFocus
          minRows={10}
          maxRows={24}
          value={text}
          placeholder={`Such as: ${placeholder}`}
          error={refusal !== undefined}
          helperText={refusal ?? `${length.toLocaleString()} of ${MOST.toLocaleString()} characters`}
          onChange={(event) => {
            setText(event.target.value);
            setRefusal(undefined);
          }}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
          <Button type="submit" variant="contained" disabled={busy} aria-busy={busy}>
            {busy ? "Sending it …" : "Read the text"}
          </Button>
          <Button color="inherit" component={RouterLink} to={back}>
            Cancel
          </Button>
        </Box>
      </Box>
    </Card>
  );
}
