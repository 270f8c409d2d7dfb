import type { NewTask } from "@openhouse/client/collaboration";
import { tasks } from "@openhouse/client/collaboration";
import { useNavigate } from "@tanstack/react-router";
import { useLive } from "../live/context";
import { pageOf } from "./page";

/** Begins a task, and goes to its page. Rejects as any request does. */
export function useBegin(): (kind: NewTask["kind"], input: NewTask["input"]) => Promise<void> {
  const { client } = useLive();
  const navigate = useNavigate();
  return async (kind, input) => {
    const task = await tasks(client).start(kind, input);
    await navigate({ to: pageOf(task) });
  };
}
