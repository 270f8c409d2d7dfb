// A form over a record that others change, too: what is not touched follows, what is typed stays.

import { useCallback, useRef, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { type FormValues, patchOf, toForm, toWire } from "./formValues";
import { type Clash, mergeThree, putAt, same } from "./merging";
import type { Column, CrmRecord } from "./modules";

type Wire = Readonly<Record<string, unknown>>;

/** What somebody else's change has done to the form. */
export interface Followed {
  readonly by: string; // the id of a user
  readonly labels: readonly string[]; // of fields that are theirs now
  readonly clashes: readonly Clash[];
}

/** `begun`: what a draft was compared with. */
export function useFollowing(form: UseFormReturn<FormValues>, fields: readonly Column[], record: CrmRecord, begun?: Wire) {
  const latest = useRef(record);
  const origin = useRef<Wire>(begun ?? wireOf(fields, record));
  const [followed, setFollowed] = useState<Followed>();

  const merged = useCallback(
    () => mergeThree(fields, origin.current, toWire(fields, form.getValues()), wireOf(fields, latest.current)),
    [fields, form],
  );

  /** Takes a newer record. Returns where both have changed the same. */
  const follow = useCallback(
    (newer: CrmRecord, always = false): readonly Clash[] => {
      if (newer.version <= latest.current.version && !always) return [];
      latest.current = newer;
      const typed = toWire(fields, form.getValues());
      const { values, origin: next, clashes, followed: labels } = merged();
      origin.current = next;
      const shown = toForm(fields, values);
      for (const [name] of fields) {
        const value = shown[name];
        if (value !== undefined && !same(values[name], typed[name])) form.setValue(name, value, { shouldDirty: true });
      }
      if (labels.length + clashes.length > 0) setFollowed({ by: newer.updatedBy, labels, clashes });
      return clashes;
    },
    [fields, form, merged],
  );

  /** These are theirs, all else is mine: after this nothing stands against saving. */
  const decide = useCallback(
    (taken: readonly Clash[]): void => {
      const typed = toWire(fields, form.getValues());
      const chosen = taken.reduce((values: Wire, { path, theirs }) => putAt(values, path, theirs), typed);
      const shown = toForm(fields, chosen);
      for (const name of new Set(taken.map(({ path }) => path[0] ?? ""))) {
        const value = shown[name];
        if (value !== undefined) form.setValue(name, value, { shouldDirty: true });
      }
      origin.current = wireOf(fields, latest.current);
      setFollowed(undefined);
    },
    [fields, form],
  );

  return {
    follow,
    decide,
    followed,
    clashes: () => merged().clashes,
    origin: () => origin.current,
    version: () => latest.current.version,
    /** What to send. */
    patch: () => patchOf({ ...wireOf(fields, latest.current) }, toWire(fields, form.getValues())),
  };
}

/** As a form gives it back: what it cannot hold does not count as changed. */
function wireOf(fields: readonly Column[], record: Wire): Wire {
  return toWire(fields, toForm(fields, record));
}
