import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import Typography from "@mui/material/Typography";
import { useDraggable } from "@dnd-kit/core";
import { EllipsisVertical, GripVertical } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useFlash } from "../lists/useFlash";
import { useNames } from "../modules/data";
import { type CrmRecord, type Module, titleOf } from "../modules/modules";
import { LockMark } from "../together/LockMark";
import { Dot, toneOf } from "../ui/StatusChip";
import { words } from "../ui/words";
import { CardFrame } from "./CardFrame";
import { refusalOf } from "./moves";
import type { Mover } from "./useMoves";

interface Props {
  module: Module;
  record: CrmRecord;
  status: string; // of the column
  move: Mover["move"];
  card: (record: CrmRecord) => ReactNode;
  height: number;
  editor: string | undefined; // the name of who is editing it
}

export function BoardCard({ module, record, status, move, card, height, editor }: Props) {
  const by = useFlash(record);
  const named = useNames();
  const mayMove = record.can.includes("edit") && !record.archived;
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, isDragging } = useDraggable({
    id: record.id,
    data: { record, status },
    disabled: !mayMove,
  });
  const title = titleOf(module, record);
  return (
    <Box ref={setNodeRef} {...listeners} sx={{ position: "relative", cursor: mayMove ? "grab" : "default", "& a": { WebkitUserDrag: "none" } }}>
      <CardFrame height={height} ghost={isDragging} flash={by}>
        {card(record)}
      </CardFrame>
      {by && (
        <Typography
          variant="caption"
          sx={{ position: "absolute", right: 8, bottom: 4, px: 0.5, color: "primary.main", bgcolor: "background.paper", borderRadius: "4px", fontWeight: 500 }}
        >
          {named(by)}
        </Typography>
      )}
      {!by && editor && (
        <Box sx={{ position: "absolute", right: 8, bottom: 4, maxWidth: "70%", display: "flex", pointerEvents: "none", px: 0.5, bgcolor: "background.paper", borderRadius: "4px" }}>
          <LockMark name={editor} />
        </Box>
      )}
      {mayMove && (
        <Box sx={{ position: "absolute", right: 2, top: 4, display: "flex" }}>
          <IconButton ref={setActivatorNodeRef} {...attributes} aria-label={`Move ${title}`} size="small" sx={{ width: 28, height: 28, cursor: "grab", display: { xs: "none", md: "inline-flex" } }}>
            <GripVertical size={14} aria-hidden />
          </IconButton>
          <MoveMenu module={module} record={record} move={move} title={title} />
        </Box>
      )}
    </Box>
  );
}

function MoveMenu({ module, record, move, title }: Pick<Props, "module" | "record" | "move"> & { title: string }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const others = Object.keys(module.transitions).filter((status) => status !== record.status);
  return (
    <>
      <IconButton
        ref={anchor}
        size="small"
        aria-label={`Status of ${title}`}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(true)}
        sx={{ width: 28, height: 28 }}
      >
        <EllipsisVertical size={14} aria-hidden />
      </IconButton>
      <Menu open={open} onClose={() => setOpen(false)} anchorEl={() => anchor.current}>
        {others.map((status) => (
          <MenuItem
            key={status}
            disabled={refusalOf(module, record, status) !== undefined}
            onClick={() => {
              setOpen(false);
              move(record, status);
            }}
            sx={{ gap: 1.5 }}
          >
            <Dot tone={toneOf(status)} size={8} />
            {words(status)}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
