// @vitest-environment happy-dom
/** A form that becomes view-only while somebody is at it. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, renderHook, screen } from "@testing-library/react";
import { useMemo } from "react";
import { useForm, type UseFormReturn } from "react-hook-form";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FieldInput } from "../src/modules/FieldInput";
import type { FormValues } from "../src/modules/formValues";
import type { Column } from "../src/modules/modules";
import { Unfinished } from "../src/modules/Unfinished";
import { SurroundingsContext } from "../src/together/surroundings";

const FIELDS: readonly Column[] = [
  ["financing", { type: "choice", label: "Financing", choices: ["cash", "loan"], required: true }],
  ["notes", { type: "longText", label: "Notes" }],
  ["city", { type: "text", label: "City" }],
];
const READERS = () => [{ id: "ben", name: "Ben" }];
const queries = new QueryClient();

function Form({ form, viewOnly }: { form: UseFormReturn<FormValues>; viewOnly: boolean }) {
  const surroundings = useMemo(() => ({ viewOnly, readers: READERS }), [viewOnly]);
  return (
    <QueryClientProvider client={queries}>
      <SurroundingsContext value={surroundings}>
        {FIELDS.map(([name, field]) => (
          <FieldInput key={name} name={name} field={field} control={form.control} />
        ))}
      </SurroundingsContext>
    </QueryClientProvider>
  );
}

/** Somebody is at the form, and then somebody else. */
function begun() {
  const { result } = renderHook(() => useForm<FormValues>({ defaultValues: { financing: "cash", notes: "", city: "Davis" } }));
  const form = result.current;
  const { rerender } = render(<Form form={form} viewOnly={false} />);
  return { form, become: (viewOnly: boolean) => rerender(<Form form={form} viewOnly={viewOnly} />) };
}

describe("a form that somebody else has taken over", () => {
  afterEach(cleanup);

  it("closes the choices that were open, and takes none of them", async () => {
    const { form, become } = begun();
    fireEvent.mouseDown(screen.getByRole("combobox", { name: "Financing" }));
    const loan = screen.getByRole("option", { name: "Loan" });
    become(true);
    expect(screen.getByRole("combobox", { name: "Financing", hidden: true }).getAttribute("aria-expanded")).toBe("false");
    fireEvent.click(loan);
    expect(form.getValues("financing")).toBe("cash");
    become(false);
    expect(screen.getByRole("combobox", { name: "Financing" }).getAttribute("aria-expanded")).toBe("false");
    fireEvent.mouseDown(screen.getByRole("combobox", { name: "Financing" }));
    await act(async () => void fireEvent.click(screen.getByRole("option", { name: "Loan" })));
    expect(form.getValues("financing")).toBe("loan");
  });

  it("closes the list of people to mention, and mentions nobody", () => {
    const { form, become } = begun();
    fireEvent.change(screen.getByLabelText("Notes"), { target: { value: "@B", selectionStart: 2 } });
    const ben = screen.getByRole("option", { name: /Ben/ });
    become(true);
    fireEvent.click(ben);
    expect(screen.queryByRole("option", { name: /Ben/ })).toBeNull();
    expect(form.getValues("notes")).toBe("@B");
  });

  it("does not offer to give up what was typed another time", () => {
    const discarded = vi.fn<() => void>();
    const { rerender } = render(<Unfinished at={0} viewOnly discard={discarded} />);
    expect(screen.getByRole("status").textContent).toContain("What you typed is here.");
    expect(screen.queryByRole("button")).toBeNull();
    rerender(<Unfinished at={0} discard={discarded} />);
    fireEvent.click(screen.getByRole("button", { name: "Start afresh" }));
    expect(discarded).toHaveBeenCalledOnce();
  });

  it("takes nothing that comes late, from a calendar or a keyboard that is still open", () => {
    const { form, become } = begun();
    become(true);
    fireEvent.change(screen.getByLabelText("City"), { target: { value: "Dixon" } });
    fireEvent.change(screen.getByLabelText("Notes"), { target: { value: "late", selectionStart: 4 } });
    expect(form.getValues()).toMatchObject({ city: "Davis", notes: "" });
  });
});
