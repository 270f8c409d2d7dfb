// Keeps what is typed in a form, until it is saved or given up.

import { useCallback, useEffect, useRef, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { usePerson } from "../api/context";
import { type Draft, dropDraft, readDraft, writeDraft } from "../live/drafts";
import type { FormValues } from "./formValues";

const PAUSE = 300;

export interface DraftContent {
  readonly values: FormValues;
  readonly origin?: Readonly<Record<string, unknown>>; // what it is compared with, as it crosses the wire
}

/** `place`: the form's address. `about`: what is to be kept beside the values, at that moment. */
export function useDraft(form: UseFormReturn<FormValues>, place: string, about: () => Omit<DraftContent, "values"> = () => ({})) {
  const { id: user } = usePerson();
  const [found] = useState((): Draft<DraftContent> | undefined => readDraft<DraftContent>(user, place));
  const latest = useRef(about);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    latest.current = about;
  });

  const content = useCallback((): DraftContent => ({ values: form.getValues(), ...latest.current() }), [form]);

  useEffect(() => {
    const write = () => {
      if (timer.current === undefined) return;
      clearTimeout(timer.current);
      timer.current = undefined;
      writeDraft(user, place, { at: Date.now(), content: content() });
    };
    const stop = form.subscribe({
      formState: { values: true, isDirty: true },
      callback: ({ isDirty }) => {
        if (isDirty) timer.current ??= setTimeout(write, PAUSE);
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
    dropDraft(user, place);
  }, [place, user]);

  return { found, drop, content };
}
