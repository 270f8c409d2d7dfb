// Keeps what is typed in a form, until it is saved or given up.

import { useCallback, useEffect, useRef, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { usePerson } from "../api/context";
import { type Draft, dropDraft, readDraft, writeDraft } from "../live/drafts";
import { type FormValues, toWire } from "./formValues";
import { same } from "./merging";
import type { Column } from "./modules";

const PAUSE = 300;

type Wire = Readonly<Record<string, unknown>>;

interface DraftContent {
  readonly values: FormValues;
  readonly origin?: Wire; // what it is compared with, as it crosses the wire
}

interface Options {
  readonly place: string; // the form's address
  readonly fields: readonly Column[];
  /** What stands in the form while nobody has typed, at that moment. */
  readonly origin: () => Wire;
  /** Nobody can have typed: what is kept is of another time, and stays. */
  readonly idle?: boolean;
}

export function useDraft(form: UseFormReturn<FormValues>, options: Options) {
  const { place } = options;
  const { id: user } = usePerson();
  const [found] = useState((): Draft<DraftContent> | undefined => readDraft<DraftContent>(user, place));
  const latest = useRef(options);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isKept = useRef(found !== undefined);
  useEffect(() => {
    latest.current = options;
  });

  const content = useCallback((): DraftContent => ({ values: form.getValues(), origin: latest.current.origin() }), [form]);

  useEffect(() => {
    const write = () => {
      if (timer.current === undefined) return;
      clearTimeout(timer.current);
      timer.current = undefined;
      const { fields, idle = false } = latest.current;
      if (idle) return;
      const made = content();
      const isTyped = !same(toWire(fields, made.values), made.origin);
      if (isTyped) writeDraft(user, place, { at: Date.now(), content: made });
      else if (isKept.current) dropDraft(user, place); // it was taken back, or a colleague has saved the same
      isKept.current = isTyped;
    };
    const stop = form.subscribe({
      formState: { values: true },
      callback: () => {
        timer.current ??= setTimeout(write, PAUSE);
      },
    });
    addEventListener("pagehide", write);
    return () => {
      stop();
      write();
      removeEventListener("pagehide", write);
    };
  }, [form, place, user, content]);

  /** It is saved, or not wanted any more. */
  const drop = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    isKept.current = false;
    dropDraft(user, place);
  }, [place, user]);

  return { found, drop, content };
}
