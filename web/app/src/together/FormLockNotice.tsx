import Button from "@mui/material/Button";
import { useEffect, useRef, useState } from "react";
import type { CrmRecord, Module } from "../modules/modules";
import { noticeOf } from "./formLock";
import { LockNotice } from "./LockNotice";
import { mayTakeOver } from "./lockWords";
import type { FormLock } from "./useFormLock";
import { useWhy, useWords } from "./useWhy";

interface Props {
  module: Module;
  record: CrmRecord;
  lock: FormLock;
}

/** Above a form: who has the record, or has taken it over, and the way back to editing. */
export function FormLockNotice({ module, record, lock: { lock, seen, viewOnly } }: Props) {
  const names = useWords();
  const why = useWhy();
  const [problem, setProblem] = useState("");
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The focus was on what can be done no more, such as to save.
    if (viewOnly && document.activeElement === document.body) alert.current?.focus();
  }, [viewOnly]);
  const notice = noticeOf(module.noun, seen, names);
  if (!notice) return null;
  const { text, severity, offer } = notice;

  async function does(wanted: () => Promise<void>): Promise<void> {
    setProblem("");
    await wanted().catch((error: unknown) => setProblem(why(error)));
  }

  return (
    <LockNotice
      ref={alert}
      text={[text, problem].filter(Boolean).join(" ")}
      severity={problem ? "warning" : severity}
      until={seen.holder === undefined ? undefined : lock.until}
    >
      {offer === "take" && (
        <Button size="small" variant="contained" onClick={() => void does(lock.take)}>
          Go on editing
        </Button>
      )}
      {offer === "takeOver" && mayTakeOver(record.can, seen.holder, names.me) && (
        <Button size="small" variant="contained" onClick={() => void does(lock.takeOver)}>
          Take over
        </Button>
      )}
    </LockNotice>
  );
}
