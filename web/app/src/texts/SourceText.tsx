// The text that something was read from, beside what was read: what stands for a field is marked, and stands out while somebody is
// at that field. A click on it goes to its field.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useEffect, useMemo, useRef, useState } from "react";
import { Card } from "../ui/layout";
import { usePointed } from "./pointing";
import { type Piece, type Place, piecesOf } from "./source";

interface Props {
  text: string | undefined;
  places: readonly (readonly [name: string, place: Place])[];
  go: (name: string) => void;
}

const MARK = { bgcolor: "color-mix(in srgb, var(--mui-palette-primary-main) 12%, transparent)", color: "inherit", borderRadius: "3px", cursor: "pointer" };
const AT = { bgcolor: "color-mix(in srgb, var(--mui-palette-primary-main) 32%, transparent)", boxShadow: "inset 0 -2px 0 var(--mui-palette-primary-main)" };

export function SourceText({ text, places, go }: Props) {
  const [isFolded, setFolded] = useState(false);
  return (
    <Card
      title="The text"
      flush
      sx={{ position: "sticky", top: 64, zIndex: 4, minWidth: 0, order: { lg: 1 } }}
      action={
        text !== undefined && (
          <Button size="small" color="inherit" onClick={() => setFolded(!isFolded)} aria-expanded={!isFolded} sx={{ display: { lg: "none" } }}>
            {isFolded ? "Show" : "Hide"}
          </Button>
        )
      }
    >
      {text === undefined ? (
        <Typography variant="body2" color="textSecondary" sx={{ px: 2, pb: 2 }}>
          It is too long to be shown here. Each field says which words of it it comes from.
        </Typography>
      ) : (
        <Marked text={text} places={places} go={go} isFolded={isFolded} />
      )}
    </Card>
  );
}

function Marked({ text, places, go, isFolded }: Props & { text: string; isFolded: boolean }) {
  const pieces = useMemo(() => piecesOf(text, places), [text, places]);
  const pointed = usePointed();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const marked = pointed === undefined ? null : box.current?.querySelector<HTMLElement>("[data-at]");
    if (!marked || !box.current) return;
    const { scrollTop, clientHeight } = box.current;
    const isSeen = marked.offsetTop >= scrollTop && marked.offsetTop + marked.offsetHeight <= scrollTop + clientHeight;
    if (!isSeen) box.current.scrollTop = marked.offsetTop - clientHeight / 3;
  }, [pointed]);
  return (
    <Box
      ref={box}
      tabIndex={0}
      role="group"
      aria-label="The text that this comes from"
      sx={{
        position: "relative",
        display: isFolded ? { xs: "none", lg: "block" } : "block",
        px: 2,
        pb: 2,
        whiteSpace: "pre-wrap",
        overflowWrap: "anywhere",
        overflowY: "auto",
        maxHeight: { xs: "20dvh", lg: "calc(100dvh - 160px - var(--tray, 0px))" },
        "&:focus-visible": { outlineOffset: -2 },
      }}
    >
      {pieces.map((piece) => (
        <One key={piece.start} piece={piece} isAt={pointed !== undefined && piece.names.includes(pointed)} go={go} />
      ))}
    </Box>
  );
}

function One({ piece: { text, names }, isAt, go }: { piece: Piece; isAt: boolean; go: Props["go"] }) {
  const [first] = names;
  if (first === undefined) return text;
  return (
    <Box component="mark" data-at={isAt || undefined} onClick={() => go(first)} sx={isAt ? { ...MARK, ...AT } : MARK}>
      {text}
    </Box>
  );
}
