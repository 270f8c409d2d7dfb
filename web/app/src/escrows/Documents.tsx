import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { ExternalLink, FileText, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { newId } from "../ids";
import { useWrite } from "../modules/data";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { Card } from "../ui/layout";
import { ESCROWS, type Escrow, inOrder, type Paper } from "./escrow";

const NewPaper = lazy(() => import("./NewPaper"));

export function Documents({ escrow }: { escrow: Escrow }) {
  const write = useWrite(ESCROWS);
  const announce = useAnnounce();
  const why = useWhy();
  const [adding, setAdding] = useState(false);
  const mayEdit = escrow.can.includes("edit");
  const papers = inOrder(escrow.documents);

  function put(id: string, paper: Paper | null, said: string, back: Paper | null): void {
    const deed = (value: Paper | null) => ({ method: "PATCH" as const, path: `/${escrow.id}`, body: { documents: { [id]: value } } });
    write.mutate(deed(paper), {
      onSuccess: () => announce(said, () => write.mutate(deed(back))),
      onError: (error) => announce(why(error)),
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
