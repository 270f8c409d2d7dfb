// On a record's own page: who is editing it, and the ways to read its form or to take over.

import type { EditLockShown } from "@openhouse/client/react";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { Link as RouterLink, useNavigate } from "@tanstack/react-router";
import type { CrmRecord, Module } from "../modules/modules";
import { useAnnounce } from "../ui/Announcer";
import { LockNotice } from "./LockNotice";
import { editingText, mayTakeOver } from "./lockWords";
import { useWhy, useWords } from "./useWhy";

interface Props {
  module: Module;
  record: CrmRecord;
}

export default function RecordLock({ module, record, lock }: Props & { lock: EditLockShown }) {
  const navigate = useNavigate();
  const announce = useAnnounce();
  const names = useWords();
  const why = useWhy();
  const { holder, until } = lock;
  if (holder === undefined) return null;
  const form = `/${module.path}/${record.id}/edit`;

  async function takeOver(): Promise<void> {
    try {
      await lock.takeOver();
      await navigate({ to: form });
    } catch (error) {
      announce(why(error));
    }
  }

  return (
    <Box sx={{ mb: 2 }}>
      <LockNotice text={`${editingText(module.noun, holder, names)}.`} until={until}>
        {record.can.includes("edit") && (
          <Button component={RouterLink} to={form} size="small" color="inherit" variant="outlined">
            View only
          </Button>
        )}
        {mayTakeOver(record.can, holder, names.me) && (
          <Button size="small" variant="contained" onClick={() => void takeOver()}>
            Take over
          </Button>
        )}
      </LockNotice>
    </Box>
  );
}
