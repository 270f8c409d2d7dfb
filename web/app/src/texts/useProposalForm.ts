// The form of a proposal: what is typed in it outlives a reload of this tab, and what the server says is wrong stands at its field.

import type { Task } from "@openhouse/client";
import { useTasks } from "@openhouse/client/react/tasks";
import { useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { complaintOf } from "../api/complaint";
import { type FormValues, toWire } from "../modules/formValues";
import type { Column } from "../modules/modules";
import { useDraft } from "../modules/useDraft";
import { useDeciding } from "../tasks/useDeciding";
import { pageOf } from "./page";

/** `path`: of the field in the form, "" if it is about none. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

type Errors = readonly { readonly field: string; readonly message: string }[];

export function useProposalForm(task: Task, columns: readonly Column[], begin: () => FormValues) {
  const { confirm, cancel } = useTasks();
  const { busy, problem, decide } = useDeciding();
  const [first] = useState(begin);
  const form = useForm<FormValues>({ defaultValues: first });
  const draft = useDraft(form, { place: pageOf(task), fields: columns, origin: () => toWire(columns, first) });

  useEffect(() => {
    if (draft.found) form.reset({ ...first, ...draft.found.content.values }, { keepDefaultValues: true });
  }, [draft.found, first, form]);

  function mark(faults: readonly Fault[]): string {
    const others = faults.filter(({ path, message }) => {
      const isAtHand = path !== "" && document.getElementsByName(path).length > 0;
      if (isAtHand) form.setError(path, { message }, { shouldFocus: true });
      return !isAtHand;
    });
    return others.map(({ message }) => message).join(" ") || "Some of this cannot be kept yet: see the marked fields.";
  }

  /** `places`: where in the form it is what the server names. */
  const send = (answer: object | undefined, places: (errors: Errors) => readonly Fault[]): void =>
    decide(async () => {
      try {
        await confirm(task.id, answer);
        draft.drop();
      } catch (error) {
        const { status, errors } = complaintOf(error);
        throw status === 422 && errors.length > 0 ? new Error(mark(places(errors))) : error;
      }
    });

  const discard = (): void =>
    decide(async () => {
      await cancel(task.id);
      draft.drop();
    });

  const afresh = (): void => {
    draft.drop();
    form.reset(first);
  };

  return { form, first, busy, problem, send, discard, afresh, leftAt: draft.found?.at, mark };
}
