// The form of a record: its fields in their sections, complaints beside them, a way to save and one to give up.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, type Ref, useMemo, useState } from "react";
import { type Control, type UseFormReturn, useFormState } from "react-hook-form";
import { type Complaint, complaintOf } from "../api/complaint";
import type { Person } from "../together/mentions";
import { SurroundingsContext } from "../together/surroundings";
import { type About, Typed } from "../together/Typed";
import { useWhy } from "../together/useWhy";
import { Card, Page } from "../ui/layout";
import { BackTo } from "./BackTo";
import { FieldInput } from "./FieldInput";
import type { FormValues } from "./formValues";
import { type Column, type Field, type Module, sectionsOf } from "./modules";

export interface Section {
  readonly title: string;
  readonly fields: readonly Column[];
}

interface FormProps {
  title: string;
  back: { to: string; label: string };
  sections: readonly Section[];
  form: UseFormReturn<FormValues>;
  submit: string;
  save: (values: FormValues) => Promise<void>;
  giveUp: () => void;
  readers: () => readonly Person[]; // those who may be mentioned
  notice?: ReactNode;
  within?: ReactNode;
  formRef?: Ref<HTMLFormElement>;
  beside?: ReactNode; // of the title
  about?: About; // the record that there is already
  viewOnly?: boolean; // somebody else is at work on it
}

export function RecordForm({ title, back, sections, form, submit, save, giveUp, readers, notice, within, formRef, beside, about, viewOnly = false }: FormProps) {
  const navigate = useNavigate();
  const why = useWhy();
  const surroundings = useMemo(() => ({ viewOnly, readers }), [viewOnly, readers]);
  const [problem, setProblem] = useState("");

  async function send(typed: FormValues): Promise<void> {
    setProblem("");
    try {
      await save(typed);
    } catch (error) {
      const complaint = complaintOf(error);
      setProblem(sentenceOf(complaint, markFields(complaint)) ?? why(error));
    }
  }

  /** Puts each complaint beside its field. Returns those that have none. */
  function markFields({ errors }: Complaint): string[] {
    const known = new Map(sections.flatMap((section) => section.fields));
    return errors.flatMap(({ field, message }) => {
      const [name = ""] = field.split(".");
      const whole = `${known.get(name)?.label ?? field} ${message}.`;
      if (!known.has(name) || field !== name) return [whole];
      form.setError(name, { message: whole }, { shouldFocus: true });
      return [];
    });
  }

  const first = sections[0]?.fields[0]?.[0];
  return (
    <Page title={title} about={beside} above={<BackTo to={back.to}>{back.label}</BackTo>} narrow>
      <Box
        component="form"
        ref={formRef}
        noValidate
        aria-label={title}
        onSubmit={(event) => void form.handleSubmit(send)(event)}
        data-view-only={viewOnly || undefined}
        sx={{ display: "grid", gap: 2, "&[data-view-only] .MuiInputBase-root": { bgcolor: "raised" } }}
      >
        {notice}
        {within}
        <SurroundingsContext value={surroundings}>
          {sections.map((section) => (
            <Card key={section.title} title={section.title}>
              <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 240px), 1fr))" }}>
                {section.fields.map(([name, field]) => (
                  <Box key={name} sx={isWide(field) ? { gridColumn: "1 / -1" } : undefined}>
                    <WithTyping about={about} field={name}>
                      <FieldInput name={name} field={field} control={form.control} autoFocus={name === first} />
                    </WithTyping>
                  </Box>
                ))}
              </Box>
            </Card>
          ))}
        </SurroundingsContext>
        <Box
          sx={{
            position: "sticky",
            bottom: { xs: 60, md: 0 },
            zIndex: 1,
            display: "flex",
            flexWrap: "wrap",
            alignItems: "center",
            gap: 1,
            py: 1.5,
            bgcolor: "background.default",
          }}
        >
          {problem && (
            <Alert severity="error" sx={{ width: "100%" }}>
              {problem}
            </Alert>
          )}
          {!viewOnly && <Submit control={form.control}>{submit}</Submit>}
          <Button
            color="inherit"
            onClick={() => {
              if (!viewOnly) giveUp(); // else what was typed before is for the next time
              void navigate({ to: back.to });
            }}
          >
            {viewOnly ? "Close" : "Cancel"}
          </Button>
        </Box>
      </Box>
    </Page>
  );
}

function WithTyping({ about, field, children }: { about: About | undefined; field: string; children: ReactNode }) {
  return about ? (
    <Typed about={about} field={field}>
      {children}
    </Typed>
  ) : (
    children
  );
}

/** By itself, as it changes when the form is sent: nothing is to be drawn anew before that. */
function Submit({ control, children }: { control: Control<FormValues>; children: string }) {
  const { isSubmitting } = useFormState({ control });
  return (
    <Button type="submit" variant="contained" disabled={isSubmitting} aria-busy={isSubmitting}>
      {children}
    </Button>
  );
}

export function sectionsFor(module: Module, more: readonly Column[]): readonly Section[] {
  const written = sectionsOf(module)
    .map(({ title, fields }) => ({
      title,
      fields: fields.filter(([, field]) => !field.assigned && field.type !== "files" && (field.type !== "id" || field.names)),
    }))
    .filter(({ fields }) => fields.length > 0);
  return more.length ? [...written, { title: "Status and who sees it", fields: more }] : written;
}

const isWide = (field: Field): boolean => ["longText", "items", "group", "ids", "tags"].includes(field.type);

function sentenceOf({ status, code }: Complaint, others: readonly string[]): string | undefined {
  if (code === "queue_full") return "Too many changes are waiting for the connection. Take one back, then save again: this stays here.";
  if (status === 422) return others.join(" ") || "Some of this cannot be saved yet: see the marked fields.";
  return undefined;
}
