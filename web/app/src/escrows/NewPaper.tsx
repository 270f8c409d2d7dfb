import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import { type FormEvent, useState } from "react";
import type { Paper } from "./escrow";

export default function NewPaper({ add, cancel }: { add: (paper: Paper) => void; cancel: () => void }) {
  const [tried, setTried] = useState(false);
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const badUrl = !URL.canParse(url) || !/^https?:/.test(url);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (name.trim() && !badUrl) add({ name: name.trim(), url });
  }

  return (
    <Box component="form" noValidate aria-label="New document" onSubmit={submit} sx={{ display: "grid", gap: 1.5, mt: 1 }}>
      <TextField
        autoFocus
        label="Name"
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={tried && !name.trim()}
        helperText={tried && !name.trim() ? "Name is needed." : undefined}
        slotProps={{ htmlInput: { maxLength: 300 } }}
      />
      <TextField
        label="Web address"
        type="url"
        value={url}
        onChange={(event) => setUrl(event.target.value)}
        error={tried && badUrl}
        helperText={tried && badUrl ? "It begins with https://." : undefined}
        slotProps={{ htmlInput: { maxLength: 2000 } }}
      />
      <Box sx={{ display: "flex", gap: 1 }}>
        <Button type="submit" variant="contained">
          Add
        </Button>
        <Button color="inherit" onClick={cancel}>
          Cancel
        </Button>
      </Box>
    </Box>
  );
}
