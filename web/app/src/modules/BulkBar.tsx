// What may be done with all that are chosen, and, afterwards, what was not done and why.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import { useQueryClient } from "@tanstack/react-query";
import { ChevronDown, X } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useLive } from "../live/context";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { Dot, toneOf } from "../ui/StatusChip";
import { plural, words } from "../ui/words";
import { type BulkResult, type Change, changeAll } from "./bulk";
import { useRoster, useWrite } from "./data";
import { type CrmRecord, type Module, titleOf } from "./modules";
import { rightsOf, type Selection, statusesOf } from "./selection";

const AT_ONCE = 4; // requests, for what has none for many

export default function BulkBar({ module, selection }: { module: Module; selection: Selection }) {
  const { client } = useLive();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const why = useWhy();
  const write = useWrite(module);
  const { data: roster } = useRoster();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<BulkResult["failed"]>([]);
  const { chosen } = selection;
  const rights = rightsOf(chosen);
  const statuses = rights.has("edit") ? statusesOf(module, chosen) : [];
  const owners = rights.has("reassign") ? (roster?.users ?? []) : [];
  const archived = chosen.every((record) => record.archived);

  async function does(said: (count: string) => string, act: (records: readonly CrmRecord[]) => Promise<BulkResult>, undo?: (records: readonly CrmRecord[]) => Promise<BulkResult>): Promise<void> {
    setBusy(true);
    const records = chosen;
    try {
      const result = await act(records);
      setFailed(result.failed);
      selection.keep(result.failed.map(({ id }) => id));
      const done = records.filter(({ id }) => result.done.includes(id));
      const text = done.length > 0 ? said(plural(done.length, module.noun)) : "Nothing was changed";
      announce(
        text,
        undo && done.length > 0
          ? () => {
              void undo(done)
                .then((undone) => undone.failed.length > 0 && announce(`${plural(undone.failed.length, module.noun)} could not be changed back`))
                .catch((error: unknown) => announce(why(error)))
                .finally(refresh);
            }
          : undefined,
      );
    } catch (error) {
      announce(why(error));
    } finally {
      setBusy(false);
      refresh();
    }
  }

  const refresh = () => void queries.invalidateQueries({ queryKey: [module.path] });
  const change = (each: Change, guarded = true) => (records: readonly CrmRecord[]) => changeAll(client, module, records, each, { why, guarded });

  /** Each by a request of its own. */
  const each =
    (verb: "delete" | "recover", guarded = true) =>
    async (records: readonly CrmRecord[]): Promise<BulkResult> => {
      const done: string[] = [];
      const complaints: BulkResult["failed"][number][] = [];
      const left = [...records];
      const worker = async () => {
        for (let record = left.shift(); record; record = left.shift()) {
          const { id, version } = record;
          const guard = guarded ? { version } : {};
          try {
            // oxlint-disable-next-line eslint/no-await-in-loop -- a few at a time
            await write.mutateAsync(verb === "delete" ? { method: "DELETE", path: `/${id}`, ...guard } : { method: "POST", path: `/${id}/${verb}`, ...guard });
            done.push(id);
          } catch (error) {
            complaints.push({ id, title: titleOf(module, record), why: why(error) });
          }
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      return { done, failed: complaints };
    };

  const before = (name: string): Change => (record) => ({ [name]: record[name] });

  if (chosen.length === 0 && failed.length === 0) return null;
  return (
    <Box
      role="region"
      aria-label="Chosen rows"
      sx={{
        position: "sticky",
        bottom: { xs: "calc(68px + var(--tray, 0px))", md: "calc(8px + var(--tray, 0px))" },
        zIndex: 2,
        display: "flex",
        flexWrap: "wrap",
        alignItems: "center",
        gap: 1,
        p: 1,
        mt: 1,
        bgcolor: "background.paper",
        border: 1,
        borderColor: "divider",
        borderRadius: "10px",
        boxShadow: 3,
      }}
    >
      {failed.length > 0 && (
        <Alert severity="warning" sx={{ width: "100%" }} onClose={() => setFailed([])}>
          <strong>{plural(failed.length, module.noun)} not changed</strong>
          <Box component="ul" sx={{ m: 0, pl: 2.5, maxHeight: 160, overflowY: "auto" }}>
            {failed.map((refused) => (
              <li key={refused.id}>
                {refused.title}: {refused.why}
              </li>
            ))}
          </Box>
        </Alert>
      )}
      <Box component="span" role="status" sx={{ fontWeight: 500, px: 1 }}>
        {chosen.length.toLocaleString()} chosen
      </Box>
      {statuses.length > 0 && (
        <Choices label="Status" disabled={busy}>
          {(close) =>
            statuses.map((status) => (
              <MenuItem
                key={status}
                sx={{ gap: 1.5 }}
                onClick={() => {
                  close();
                  void does((count) => `${count} now ${words(status).toLowerCase()}`, change(() => ({ status })), change(before("status"), false));
                }}
              >
                <Dot tone={toneOf(status)} size={8} />
                {words(status)}
              </MenuItem>
            ))
          }
        </Choices>
      )}
      {owners.length > 0 && (
        <Choices label="Owner" disabled={busy}>
          {(close) =>
            owners.map(({ userId, name }) => (
              <MenuItem
                key={userId}
                onClick={() => {
                  close();
                  void does((count) => `${count} given to ${name}`, change(() => ({ ownerId: userId })), change(before("ownerId"), false));
                }}
              >
                {name}
              </MenuItem>
            ))
          }
        </Choices>
      )}
      {rights.has("edit") && (
        <Button
          variant="outlined"
          disabled={busy}
          onClick={() => {
            const said = archived ? "out of the archive" : "archived";
            void does((count) => `${count} ${said}`, change(() => ({ archived: !archived })), change(before("archived"), false));
          }}
        >
          {archived ? "Take out of the archive" : "Archive"}
        </Button>
      )}
      {rights.has("delete") && (
        <Button variant="outlined" color="error" disabled={busy} onClick={() => void does((count) => `${count} deleted`, each("delete"), each("recover", false))}>
          Delete
        </Button>
      )}
      {chosen.length > 0 && rights.size === 0 && (
        <Box component="span" sx={{ color: "text.secondary" }}>
          There is nothing that you may change of all of these.
        </Box>
      )}
      <IconButton
        aria-label="Choose none"
        sx={{ ml: "auto" }}
        onClick={selection.close}
      >
        <X size={18} aria-hidden />
      </IconButton>
    </Box>
  );
}

function Choices({ label, disabled, children }: { label: string; disabled: boolean; children: (close: () => void) => ReactNode }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const close = () => setOpen(false);
  return (
    <>
      <Button ref={anchor} variant="outlined" disabled={disabled} endIcon={<ChevronDown size={15} aria-hidden />} onClick={() => setOpen(true)} aria-haspopup="menu" aria-expanded={open}>
        {label}
      </Button>
      <Menu open={open} onClose={close} anchorEl={() => anchor.current} slotProps={{ paper: { sx: { maxHeight: 320 } } }}>
        {children(close)}
      </Menu>
    </>
  );
}
