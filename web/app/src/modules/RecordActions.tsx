// What may be done with a record beside editing it; each of it can be undone, from where one is.

import Button from "@mui/material/Button";
import Divider from "@mui/material/Divider";
import IconButton from "@mui/material/IconButton";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import { ChevronDown, EllipsisVertical } from "lucide-react";
import { useRef, useState } from "react";
import { Dot, toneOf } from "../ui/StatusChip";
import { words } from "../ui/words";
import { useDo } from "../live/useDo";
import type { Write } from "../live/save";
import { type CrmRecord, type Module, nextStatuses, titleOf } from "./modules";

interface Props {
  module: Module;
  record: CrmRecord;
}

export function StatusMenu({ module, record }: Props) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const does = useDo(module);
  const next = nextStatuses(module, record.status);
  if (next.length === 0) return null;
  const path = `/${record.id}`;
  const back = module.transitions[record.status] && (module.transitions[next[0] ?? ""] ?? []).includes(record.status);

  function become(status: string): void {
    setOpen(false);
    const returns = back || (module.transitions[status] ?? []).includes(record.status);
    void does(
      { method: "PATCH", path, body: { status }, version: record.version },
      `${titleOf(module, record)} is ${words(status).toLowerCase()} now`,
      returns ? { method: "PATCH", path, body: { status: record.status } } : undefined,
    );
  }

  return (
    <>
      <Button
        ref={anchor}
        variant="outlined"
        endIcon={<ChevronDown size={15} aria-hidden />}
        onClick={() => setOpen(true)}
        aria-haspopup="menu"
        aria-expanded={open}
      >
        Status
      </Button>
      <Menu open={open} onClose={() => setOpen(false)} anchorEl={() => anchor.current}>
        {next.map((status) => (
          <MenuItem key={status} onClick={() => become(status)} sx={{ gap: 1.5 }}>
            <Dot tone={toneOf(status)} size={8} />
            {words(status)}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

export function RecordActions({ module, record, gone }: Props & { gone: () => void }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const does = useDo(module);
  const path = `/${record.id}`;
  const title = titleOf(module, record);
  const mayEdit = record.can.includes("edit");
  const mayDelete = record.can.includes("delete");
  if (!mayEdit && !mayDelete) return null;

  async function archive(): Promise<void> {
    setOpen(false);
    const [deed, undo] = record.archived ? (["restore", "archive"] as const) : (["archive", "restore"] as const);
    await does(
      { method: "POST", path: `${path}/${deed}`, version: record.version },
      record.archived ? `${title} is out of the archive` : `${title} is archived`,
      { method: "POST", path: `${path}/${undo}` },
    );
  }

  async function remove(): Promise<void> {
    setOpen(false);
    const deed: Write = { method: "DELETE", path, version: record.version };
    if (await does(deed, `${title} is deleted`, { method: "POST", path: `${path}/recover` })) gone();
  }

  return (
    <>
      <IconButton
        ref={anchor}
        onClick={() => setOpen(true)}
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={open}
      >
        <EllipsisVertical size={18} aria-hidden />
      </IconButton>
      <Menu open={open} onClose={() => setOpen(false)} anchorEl={() => anchor.current}>
        {mayEdit && <MenuItem onClick={() => void archive()}>{record.archived ? "Take out of the archive" : "Archive"}</MenuItem>}
        {mayEdit && mayDelete && <Divider />}
        {mayDelete && (
          <MenuItem onClick={() => void remove()} sx={{ color: "error.main" }}>
            Delete
          </MenuItem>
        )}
      </Menu>
    </>
  );
}
