import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { isRecord } from "../cache.js";
import type { AnyRecord } from "../cache.js";
import type { Document } from "../merge-patch.js";
import type { Write } from "../offline/queue.js";
import type { AnswerOf, NewOf, Noun, PatchOf, VerbOf } from "../types.js";
import { Conflict } from "./conflict.js";
import { useLive } from "./provider.js";

/** A record as it was seen: nobody else may have changed it since. By its id alone: however it is by then. */
export type Of = string | { readonly id: string; readonly version: number };

/** Each shows the change at once and resolves to the answer; if it rejects, everything is as before. */
export interface Mutations<N extends Noun> {
  readonly create: (body: NewOf<N>) => Promise<AnswerOf<N>>;
  /** `body`: a merge patch. */
  readonly patch: (of: Of, body: PatchOf<N>) => Promise<AnswerOf<N>>;
  readonly setStatus: (of: Of, status: AnswerOf<N> extends { status: infer Status } ? Status : string) => Promise<AnswerOf<N>>;
  readonly archive: (of: Of) => Promise<AnswerOf<N>>;
  readonly restore: (of: Of) => Promise<AnswerOf<N>>;
  readonly remove: (of: Of) => Promise<void>;
  /** `recover`, `reopen`, `convert`: not shown before it is answered. */
  readonly act: (of: Of, verb: VerbOf<N>, body?: Document) => Promise<Document>;
  /** Any of them. */
  readonly write: (write: Write, base?: AnyRecord) => Promise<Document>;
}

export interface MutateRecord<N extends Noun> extends Mutations<N> {
  readonly isPending: boolean;
  /** Of the one that was begun last. */
  readonly error: Error | null;
  /** The same, if somebody else was faster. */
  readonly conflict: Conflict | undefined;
  readonly reset: () => void;
}

/** Changes records of a module. */
export function useMutateRecord<N extends Noun>(noun: N): MutateRecord<N> {
  const live = useLive();
  const { mutateAsync, isPending, error, reset } = useMutation<Document, Error, Promise<Document>>(
    { mutationFn: (answer) => answer, networkMode: "always", retry: false },
    live.queries,
  );
  const mutations = useMemo(
    () =>
      mutationsOf(noun, (write, base) => {
        const answer = live.write(write, base); // shown before this returns
        mutateAsync(answer).catch(() => undefined); // whoever does not wait for it sees `error`
        return answer;
      }),
    [live, noun, mutateAsync],
  );
  const conflict = error instanceof Conflict ? error : undefined;
  return useMemo(() => ({ ...mutations, isPending, error, conflict, reset }), [mutations, isPending, error, conflict, reset]);
}

function mutationsOf<N extends Noun>(noun: N, write: Mutations<N>["write"]): Mutations<N> {
  const to = (of: Of, method: Write["method"], more: Pick<Write, "verb" | "body"> = {}): Promise<never> => {
    const { id, version = 0 } = typeof of === "string" ? { id: of } : of;
    const guard = version > 0 ? { version } : {};
    return write({ noun, method, id, ...more, ...guard }, isRecord(of) ? of : undefined) as Promise<never>;
  };
  return {
    create: (body) => write({ noun, method: "POST", body: body as Document }) as Promise<never>,
    patch: (of, body) => to(of, "PATCH", { body: body as Document }),
    setStatus: (of, status) => to(of, "PATCH", { body: { status } }),
    archive: (of) => to(of, "POST", { verb: "archive" }),
    restore: (of) => to(of, "POST", { verb: "restore" }),
    remove: (of) => to(of, "DELETE"),
    act: (of, verb, body) => to(of, "POST", body ? { verb, body } : { verb }),
    write,
  };
}
