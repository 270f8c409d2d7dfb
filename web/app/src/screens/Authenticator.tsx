// A second factor: six digits from an app, beside the password.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { usePerson } from "../api/context";
import { useSession } from "../session/context";
import { useAnnounce } from "../ui/Announcer";
import { Card } from "../ui/layout";

const KEY = ["authenticator"];

export function Authenticator() {
  const session = useSession();
  const { authenticator } = session.issuer;
  const { email } = usePerson();
  const announce = useAnnounce();
  const queries = useQueryClient();
  const [secret, setSecret] = useState("");
  const [code, setCode] = useState("");
  const isOn = useQuery({
    queryKey: KEY,
    queryFn: async () => (authenticator ? authenticator.isOn(await session.tokens()) : false),
  });
  const begin = useMutation({
    mutationFn: async () => authenticator?.begin(await session.tokens()) ?? "",
    onSuccess: setSecret,
  });
  const confirm = useMutation({
    mutationFn: async () => authenticator?.confirm(await session.tokens(), code.replaceAll(/\s/g, "")),
    onSuccess: () => settled("From now on you sign in with a code, too", true),
  });
  const end = useMutation({
    mutationFn: async () => authenticator?.end(await session.tokens()),
    onSuccess: () => settled("From now on your password is enough", false),
  });
  if (!authenticator) return null;

  function settled(said: string, on: boolean): void {
    announce(said);
    setSecret("");
    setCode("");
    queries.setQueryData(KEY, on);
  }

  const error = isOn.error ?? begin.error ?? confirm.error ?? end.error;
  const address = `otpauth://totp/Openhouse:${encodeURIComponent(email)}?secret=${secret}&issuer=Openhouse`;
  return (
    <Card title="Sign-in with a code">
      <Typography color="textSecondary" sx={{ mb: 2 }}>
        An authenticator app on your phone shows a new code every half minute. With it a stolen password is worth nothing.
      </Typography>
      {error && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {error.message}
        </Alert>
      )}
      {isOn.data === true && (
        <Button variant="outlined" disabled={end.isPending} onClick={() => end.mutate()}>
          Turn it off
        </Button>
      )}
      {isOn.data === false && !secret && (
        <Button variant="outlined" disabled={begin.isPending} onClick={() => begin.mutate()}>
          Set it up
        </Button>
      )}
      {secret && (
        <Box
          component="form"
          onSubmit={(event) => {
            event.preventDefault();
            confirm.mutate();
          }}
          sx={{ display: "grid", gap: 2, justifyItems: "start" }}
        >
          <Typography>
            On the phone, <a href={address}>add it to your app</a>; or type this key there:
          </Typography>
          <Box
            component="code"
            sx={{ fontSize: "0.875rem", overflowWrap: "anywhere", bgcolor: "raised", px: 1.5, py: 1, borderRadius: "6px" }}
          >
            {secret.match(/.{1,4}/g)?.join(" ")}
          </Box>
          <TextField
            label="The code that it shows"
            value={code}
            onChange={(event) => setCode(event.target.value)}
            required
            autoComplete="one-time-code"
            sx={{ maxWidth: 240 }}
            slotProps={{ htmlInput: { inputMode: "numeric", maxLength: 12 } }}
          />
          <Box sx={{ display: "flex", gap: 1 }}>
            <Button type="submit" variant="contained" disabled={confirm.isPending}>
              Turn it on
            </Button>
            <Button color="inherit" onClick={() => setSecret("")}>
              Cancel
            </Button>
          </Box>
        </Box>
      )}
    </Card>
  );
}
