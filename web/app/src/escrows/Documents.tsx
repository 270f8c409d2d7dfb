// What an escrow is made of on paper: files that lie here, and links to where others lie.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { ExternalLink, Link2, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";
import { ChooseFiles, DropArea } from "../files/DropArea";
import { FileList } from "../files/FileList";
import { UploadRows } from "../files/UploadRows";
import { useUploads, useUploadsTo } from "../files/uploads";
import { newId } from "../ids";
import { useWrite } from "../modules/data";
import { inOrder } from "../modules/items";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { Card } from "../ui/layout";
import { part } from "../ui/part";
import { ESCROWS, type Escrow, type Paper } from "./escrow";

const NewPaper = part(() => import("./NewPaper"));

export default function Documents({ escrow }: { escrow: Escrow }) {
  const write = useWrite(ESCROWS);
  const announce = useAnnounce();
  const why = useWhy();
  const uploads = useUploads();
  const [adding, setAdding] = useState(false);
  const mayEdit = escrow.can.includes("edit");
  const papers = inOrder(escrow.documents);
  const files = escrow.files ?? {};
  const to = { noun: ESCROWS.noun, id: escrow.id, field: "files" };
  const underway = useUploadsTo(to, (id) => id in files);
  const take = (chosen: readonly File[]) => uploads.add(chosen, to);

  function put(id: string, paper: Paper | null, said: string, back: Paper | null): void {
    const deed = (value: Paper | null) => ({ method: "PATCH" as const, path: `/${escrow.id}`, body: { documents: { [id]: value } } });
    write.mutate(deed(paper), {
      onSuccess: () => announce(said, () => write.mutate(deed(back))),
      onError: (error) => announce(why(error)),
    });
  }

  return (
    <Card
      title="Documents"
      action={
        mayEdit && (
          <>
            {!adding && <Button onClick={() => setAdding(true)}>Link</Button>}
            <ChooseFiles label="Upload" take={take} />
          </>
        )
      }
    >
      <DropArea disabled={!mayEdit} hint="Drop to add to this escrow" take={take}>
        <UploadRows uploads={underway} />
        {papers.length + Object.keys(files).length + underway.length === 0 && !adding && (
          <Typography color="textSecondary">{mayEdit ? "No document yet. Drop files here, or link what lies elsewhere." : "No document yet."}</Typography>
        )}
        <FileList module={ESCROWS} record={escrow} field="files" />
        <Box component="ul" aria-label="Linked documents" sx={{ m: 0, p: 0, listStyle: "none" }}>
          {papers.map(([id, paper]) => (
            <Box component="li" key={id} sx={{ display: "flex", alignItems: "center", gap: 1, minHeight: 44 }}>
              <Box component="span" sx={{ display: "grid", flex: "none", color: "text.secondary" }}>
                <Link2 size={16} aria-hidden />
              </Box>
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
      </DropArea>
      <Suspense>
        {adding && (
          <NewPaper
            cancel={() => setAdding(false)}
            add={(paper) => {
              setAdding(false);
              put(newId(), paper, `${paper.name} is added`, null);
            }}
          />
        )}
      </Suspense>
    </Card>
  );
}
