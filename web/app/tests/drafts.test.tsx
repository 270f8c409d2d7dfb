// @vitest-environment happy-dom
/** What is kept of a form that was left: what somebody has typed, and nothing else. */

import { act, cleanup, renderHook } from "@testing-library/react";
import { useForm } from "react-hook-form";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readDraft, wipeDrafts, writeDraft } from "../src/live/drafts";
import { type FormValues, toForm } from "../src/modules/formValues";
import type { Column, CrmRecord } from "../src/modules/modules";
import { useDraft } from "../src/modules/useDraft";
import { useFollowing } from "../src/modules/useFollowing";
import { Around } from "./around";

const FIELDS: readonly Column[] = [
  ["city", { type: "text", label: "City" }],
  ["zip", { type: "text", label: "ZIP" }],
];
const PLACE = "/escrows/e1/edit";
const RECORD = { id: "e1", version: 1, updatedBy: "ava", city: "Davis", zip: "95616" } as unknown as CrmRecord;

/** The form of the record, as FormScreens has it. */
function open(idle = false) {
  const begun = toForm(FIELDS, RECORD);
  const { result, unmount } = renderHook(
    () => {
      const form = useForm<FormValues>({ defaultValues: begun });
      const draft = useDraft(form, { place: PLACE, fields: FIELDS, origin: () => following.origin(), idle });
      const following = useFollowing(form, FIELDS, RECORD, draft.found?.content.origin);
      return { form, following };
    },
    { wrapper: Around },
  );
  const saved = (version: number, more: object) => act(() => void result.current.following.follow({ ...RECORD, version, updatedBy: "ben", ...more }));
  const type = (name: string, value: string) =>
    act(() => {
      result.current.form.setValue(name, value, { shouldDirty: true });
      vi.advanceTimersByTime(300);
    });
  return { form: result.current.form, saved, type, unmount };
}

const kept = () => readDraft<{ values: FormValues; origin: object }>("ava", PLACE)?.content;

describe("a draft", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    cleanup();
    wipeDrafts();
    vi.useRealTimers();
  });

  it("is kept of what somebody has typed, with what it is compared with", () => {
    const { saved, type } = open();
    type("zip", "95620");
    expect(kept()).toMatchObject({ values: { city: "Davis", zip: "95620" }, origin: { zip: "95616" } });
    saved(2, { city: "Dixon" });
    vi.advanceTimersByTime(300);
    expect(kept()).toMatchObject({ values: { city: "Dixon", zip: "95620" }, origin: { city: "Dixon", zip: "95616" } });
  });

  it("is not kept of what a colleague has changed while somebody only looked", () => {
    const { form, saved, unmount } = open();
    saved(2, { city: "Dixon" });
    expect(form.getValues("city")).toBe("Dixon");
    vi.advanceTimersByTime(300);
    unmount();
    expect(kept()).toBeUndefined();
  });

  it("is dropped when what was typed is taken back", () => {
    const { type } = open();
    type("zip", "95620");
    type("zip", "95616");
    expect(kept()).toBeUndefined();
  });

  it("of another time stays as it was in a form that can only be read", () => {
    writeDraft("ava", PLACE, { at: 1, content: { values: { city: "Davis", zip: "95620" }, origin: { city: "Davis", zip: "95616" } } });
    const { form, saved, unmount } = open(true);
    act(() => form.reset({ city: "Davis", zip: "95620" }, { keepDefaultValues: true }));
    saved(2, { city: "Dixon" });
    vi.advanceTimersByTime(300);
    unmount();
    expect(readDraft("ava", PLACE)).toMatchObject({ at: 1, content: { values: { zip: "95620" } } });
  });
});
