// On a record's own page: who is editing it, and the ways to read its form or to take over.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { Link as RouterLink } from "@tanstack/react-router";
import type { CrmRecord, Module } from "../modules/modules";
import { LockNotice } from "./LockNotice";
import { editingText, mayTakeOver } from "./lockWords";
import type { RecordLockShown } from "./useRecordLock";
import { useWords } from "./useWhy";

interface Props {
  module: Module;
  record: CrmRecord;
}

export default function RecordLock({ module, record, lock }: Props & { lock: RecordLockShown }) {
  const names = useWords();
  const { holder, until, isTaking, takeOver } = lock;
  if (holder === undefined) return null;
  const form = `/${module.path}/${record.id}/edit`;

  return (
    <Box sx={{ mb: 2 }}>
      <LockNotice text={`${editingText(module.noun, holder, names)}.`} until={until}>
        {record.can.includes("edit") && (
          <Button component={RouterLink} to={form} size="small" color="inherit" variant="outlined">
            View only
          </Button>
        )}
        {mayTakeOver(record.can, holder, names.me) && (
          <Button size="small" variant="contained" disabled={isTaking} aria-busy={isTaking} onClick={() => void takeOver()}>
            Take over
          </Button>
        )}
      </LockNotice>
    </Box>
  );
}
