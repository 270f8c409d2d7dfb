// How notifications look, and where they lead. Pure.

import { CircleCheck, CircleX, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import { moduleOf } from "../modules/modules";
import type { Tone } from "../ui/StatusChip";

export type Level = "info" | "warning" | "error" | "success";

interface Look {
  readonly icon: LucideIcon;
  readonly tone: Tone;
  readonly word: string; // for who sees no colour
}

export const LEVELS: Record<Level, Look> = {
  info: { icon: Info, tone: "blue", word: "Information" },
  success: { icon: CircleCheck, tone: "green", word: "Good news" },
  warning: { icon: TriangleAlert, tone: "amber", word: "Warning" },
  error: { icon: CircleX, tone: "red", word: "Problem" },
};

/** The page of the record that it is about; undefined if there is none, or none that this version knows. */
export function pathOf(about: { readonly noun: string; readonly id: string } | undefined): string | undefined {
  const module = about && moduleOf(about.noun);
  return module && `/${module.path}/${about.id}`;
}
