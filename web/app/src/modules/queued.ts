// Writes whose answer is not waited for: without a connection, what is wanted is kept, shown, and sent later.

import { type Client, Problem } from "@openhouse/client";
import { type Offline, PROVISIONAL } from "@openhouse/client/offline";
import { ApiProblem } from "../api/http";
import type { Problem as Content } from "../contract";

/** Resolves when it is done, or when there is no connection to wait for; then to what it looks like until then. */
export async function doneOrQueued<Answer>(client: Client, answer: Promise<Answer>, shown: () => Answer): Promise<Answer> {
  if (client.state.status === "disconnected" || client.state.status === "error") {
    answer.catch(() => undefined); // it is told with what was refused
    return shown();
  }
  let stop = () => {};
  const away = new Promise<Answer>((resolve) => {
    stop = client.onState(({ status }) => {
      if (status !== "connected" && status !== "connecting") resolve(shown());
    });
  });
  try {
    return await Promise.race([answer, away]);
  } finally {
    stop();
  }
}

/** The id that a record has until the server gives it one: that of the write which was wanted last. */
export function provisionalId(offline: Offline): string {
  return PROVISIONAL + (offline.waiting.at(-1)?.key ?? "");
}

/** As the screens know errors. */
export function asApiProblem(error: unknown): unknown {
  if (!(error instanceof Problem)) return error;
  const { status, code, message, retryable, content } = error;
  return new ApiProblem(status, { ...content, status, detail: message, retryable, code } as Partial<Content>);
}
