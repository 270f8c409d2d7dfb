import type { Noun } from "@openhouse/client";
import { type EditLockShown, useEditLock } from "@openhouse/client/react";
import type { Module } from "../modules/modules";

/** The lock of a record that is only looked at. */
export function useRecordLock(module: Module, id: string): EditLockShown {
  return useEditLock(module.noun as Noun, id, { wanted: false });
}
