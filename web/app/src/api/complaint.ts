// What an error says, whoever it comes from: this app's own calls, or the client's.

import { ClientError, Problem } from "@openhouse/client";
import { isMap } from "../modules/formValues";
import type { Held } from "../together/lockWords";
import { ApiProblem, Unreachable } from "./http";

export interface Complaint {
  readonly status: number | undefined; // of an answer
  readonly code: string;
  readonly message: string; // a sentence for a person
  readonly errors: readonly { readonly field: string; readonly message: string }[];
  readonly theirs: Readonly<Record<string, unknown>> | undefined; // the record as it is, of a write that came too late
  readonly held: Held | undefined; // the lock that a write was refused for
}

export function complaintOf(error: unknown): Complaint {
  const { status, content } = contentOf(error);
  const { errors, current } = content;
  const code = codeOf(error);
  return {
    status,
    code,
    message: error instanceof Error && error.message ? sentence(error.message) : "This did not work.",
    errors: Array.isArray(errors) ? (errors as Complaint["errors"]) : [],
    theirs: isMap(current) ? current : theirsOf(error),
    held: code === "locked" ? { holder: textOf(content["holder"]), until: textOf(content["until"]) } : undefined,
  };
}

/** Whether somebody else was faster. */
export const isStale = ({ status, code }: Complaint): boolean => status === 412 || code === "stale_version" || code === "conflict";

export const isUnreachable = ({ code }: Complaint): boolean => code === "unreachable" || code === "timed_out";

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function contentOf(error: unknown): { status: number | undefined; content: Record<string, unknown> } {
  if (error instanceof ApiProblem) return { status: error.status, content: { ...error.problem } };
  if (error instanceof Problem) return { status: error.status, content: { ...error.content } };
  return { status: undefined, content: {} };
}

function codeOf(error: unknown): string {
  if (error instanceof Unreachable) return "unreachable";
  return error instanceof ApiProblem || error instanceof ClientError ? error.code : "";
}

/** A conflict of the React bindings has both versions itself. */
function theirsOf(error: unknown): Record<string, unknown> | undefined {
  return error instanceof Error && "theirs" in error && isMap(error.theirs) ? error.theirs : undefined;
}

/** The client's messages begin small, as parts of sentences do. */
function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
