import type { Noun } from "@openhouse/client";
import { type EditLockShown, useEditLock } from "@openhouse/client/react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Module } from "../modules/modules";
import { useAnnounce } from "../ui/Announcer";
import { useWhy } from "./useWhy";

export interface RecordLockShown extends Omit<EditLockShown, "take" | "takeOver"> {
  /** It is being taken over: what is shown stays as it was until its form is there. */
  readonly isTaking: boolean;
  /** Takes it from whoever has it, and goes to the form. Says why, if it cannot. */
  readonly takeOver: () => Promise<void>;
}

/** The lock of a record that is only looked at. */
export function useRecordLock(module: Module, id: string): RecordLockShown {
  const navigate = useNavigate();
  const announce = useAnnounce();
  const why = useWhy();
  const lock = useEditLock(module.noun as Noun, id, { wanted: false });
  const [before, setBefore] = useState<EditLockShown>();

  async function takeOver(): Promise<void> {
    setBefore(lock);
    try {
      await lock.takeOver();
      await navigate({ to: `/${module.path}/${id}/edit` });
    } catch (error) {
      announce(why(error));
    } finally {
      setBefore(undefined);
    }
  }

  const { status, holder, until, error } = before ?? lock;
  return { status, holder, until, error, isTaking: before !== undefined, takeOver };
}
