// Of what one can be notified. Pure.

import type { Notifications } from "@openhouse/client/react";

export type Kind = Notifications["items"][number]["kind"];

export const KINDS: Record<Kind, { readonly label: string; readonly about: string }> = {
  assigned: { label: "Assignments", about: "Somebody gives a record to you" },
  mentioned: { label: "Mentions", about: "Somebody writes @ and your name in notes" },
  lock_taken: { label: "Taken over", about: "Somebody goes on with what you were editing" },
  reminder: { label: "Reminders", about: "15 minutes before an appointment" },
  daily_brief: { label: "Daily brief", about: "In the morning: today's appointments, key dates, new leads" },
  message: { label: "Messages", about: "From leads, brokers and administrators" },
  task_failed: { label: "Failed tasks", about: "What you began could not be finished" },
};
