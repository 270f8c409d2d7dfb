import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import Link from "@mui/material/Link";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { ExternalLink, FileText, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { newId } from "../ids";
import { useWrite } from "../modules/data";
import { useAnnounce } from "../ui/Announcer";
import { Card } from "../ui/layout";
import { ESCROWS, type Escrow, inOrder, type Paper } from "./escrow";

export function Documents({ escrow }: { escrow: Escrow }) {
  const write = useWrite(ESCROWS);
  const announce = useAnnounce();
  const [adding, setAdding] = useState(false);
  const mayEdit = escrow.can.includes("edit");
  const papers = inOrder(escrow.documents);

  function put(id: string, paper: Paper | null, said: string, back: Paper | null): void {
    const deed = (value: Paper | null) => ({ method: "PATCH" as const, path: `/${escrow.id}`, body: { documents: { [id]: value } } });
    write.mutate(deed(paper), {
      onSuccess: () => announce(said, () => write.mutate(deed(back))),
      onError: (error) => announce(error.message),
    });
  }

  return (
    <Card title="Documents" action={mayEdit && !adding && <Button onClick={() => setAdding(true)}>Add</Button>}>
      {papers.length === 0 && !adding && <Typography color="textSecondary">No document is linked yet.</Typography>}
      <Box component="ul" aria-label="Documents" sx={{ m: 0, p: 0, listStyle: "none" }}>
        {papers.map(([id, paper]) => (
          <Box component="li" key={id} sx={{ display: "flex", alignItems: "center", gap: 1, minHeight: 36 }}>
            <FileText size={16} aria-hidden />
            <Link href={paper.url} target="_blank" rel="noreferrer" sx={{ flex: 1, minWidth: 0, overflowWrap: "anywhere" }}>
              {paper.name} <ExternalLink size={12} aria-label="opens in a new tab" />
            </Link>
            {mayEdit && (
              <IconButton aria-label={`Remove ${paper.name}`} onClick={() => put(id, null, `${paper.name} is removed`, paper)}>
                <Trash2 size={16} aria-hidden />
              </IconButton>
            )}
          </Box>
        ))}
      </Box>
      {adding && (
        <NewPaper
          cancel={() => setAdding(false)}
          add={(paper) => {
            setAdding(false);
            put(newId(), paper, `${paper.name} is added`, null);
          }}
        />
      )}
    </Card>
  );
}

function NewPaper({ add, cancel }: { add: (paper: Paper) => void; cancel: () => void }) {
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
