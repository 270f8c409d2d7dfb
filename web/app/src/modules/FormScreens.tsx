// Creating and editing a record, whatever its module. Only what was changed is sent.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { Link as RouterLink, useBlocker, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useForm } from "react-hook-form";
import { ApiProblem } from "../api/http";
import { newId } from "../ids";
import { useAnnounce } from "../ui/Announcer";
import { Card, Page } from "../ui/layout";
import { Bars, Failed, NoPermission, Waiting } from "../ui/states";
import { useMe, useRecord, useRoster, useWrite } from "./data";
import { BackTo } from "./BackTo";
import { FieldInput } from "./FieldInput";
import { type FormValues, patchOf, toForm, toWire } from "./formValues";
import { type Column, type CrmRecord, type Field, type Module, moduleAt, sectionsOf, titleOf } from "./modules";

interface Section {
  readonly title: string;
  readonly fields: readonly Column[];
}

export function CreateScreen() {
  const { module: path } = useParams({ strict: false });
  const search = useSearch({ strict: false });
  const module = moduleAt(path ?? "");
  const navigate = useNavigate();
  const announce = useAnnounce();
  const write = useWrite(module);
  const key = useRef(newId()); // pressed twice, or sent again after a broken connection, it is one record
  const team = useTeamField();
  const shared = module.fields;
  const sections = sectionsFor(module, [
    ["status", { ...(shared["status"] ?? text("Status")), choices: module.initial, required: true }],
    ["visibility", { ...(shared["visibility"] ?? text("Visibility")), required: true }],
    ...team,
  ]);
  const fields = sections.flatMap((section) => section.fields);
  return (
    <RecordForm
      title={`New ${module.noun}`}
      back={{ to: `/${module.path}`, label: module.label }}
      sections={sections}
      values={toForm(fields, { status: module.initial[0], visibility: "team", country: "US", ...given(fields, search) })}
      submit={`Create ${module.noun}`}
      save={async (values) => {
        const made = await write.mutateAsync({ method: "POST", path: "", body: toWire(fields, values), key: key.current });
        if (!made) return;
        announce(`${titleOf(module, made)} is created`);
        await navigate({ to: `/${module.path}/${made.id}`, ignoreBlocker: true });
      }}
      refused={() => {
        key.current = newId(); // what is sent next is another body
      }}
    />
  );
}

/** What the address says of the new record: `?clientId=...`. A field of several ids takes that one. */
function given(fields: readonly Column[], search: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(([name, field]): [string, unknown][] => {
      const one = field.type === "ids" ? search[name] ?? search[name.replace(/s$/, "")] : search[name];
      if (typeof one !== "string" || one === "") return [];
      if (field.type === "ids") return [[name, { [one]: true }]];
      if (field.type === "moment" && Number.isNaN(Date.parse(one))) return [];
      return [[name, field.type === "boolean" ? one === "true" : one]];
    }),
  );
}

/** Of somebody in several teams: where the record goes. */
function useTeamField(): readonly Column[] {
  const { data: me } = useMe();
  const { data: roster } = useRoster();
  if (!me || !roster || me.teamIds.length < 2) return [];
  const labels = Object.fromEntries(roster.teams.map(({ teamId, name }) => [teamId, name]));
  return [["teamId", { type: "choice", label: "Team", choices: me.teamIds, labels }]];
}

const text = (label: string): Field => ({ type: "text", label });

export function EditScreen() {
  const { module: path, id = "" } = useParams({ strict: false });
  const module = moduleAt(path ?? "");
  const record = useRecord(module, id);
  if (record.isPending) {
    return (
      <Waiting>
        <Box sx={{ p: 4 }}>
          <Bars count={8} />
        </Box>
      </Waiting>
    );
  }
  if (!record.data) return <Failed error={record.error} retry={() => void record.refetch()} />;
  if (!record.data.can.includes("edit")) {
    return <NoPermission>You can see this {module.noun}, but not change it.</NoPermission>;
  }
  return <Edit key={id} module={module} record={record.data} />;
}

function Edit({ module, record }: { module: Module; record: CrmRecord }) {
  const navigate = useNavigate();
  const announce = useAnnounce();
  const write = useWrite(module);
  const [base, setBase] = useState(record); // what the form began with
  const title = titleOf(module, base);
  const to = `/${module.path}/${record.id}`;
  const sections = sectionsFor(module, []);
  const fields = sections.flatMap((section) => section.fields);
  const [values] = useState(() => toForm(fields, record));
  return (
    <RecordForm
      title={`Edit ${title}`}
      back={{ to, label: title }}
      sections={sections}
      values={values}
      submit="Save"
      save={async (typed) => {
        const patch = patchOf(toWire(fields, values), toWire(fields, typed));
        if (Object.keys(patch).length > 0) {
          await write.mutateAsync({ method: "PATCH", path: `/${record.id}`, body: patch, version: base.version });
          announce(`${title} is saved`);
        }
        await navigate({ to, ignoreBlocker: true });
      }}
      refused={(problem) => {
        const current = problem.problem.current;
        if (problem.status === 412 && current) setBase({ ...base, ...(current as Partial<CrmRecord>) });
      }}
    />
  );
}

function sectionsFor(module: Module, more: readonly Column[]): readonly Section[] {
  const written = sectionsOf(module)
    .map(({ title, fields }) => ({
      title,
      fields: fields.filter(([, field]) => !field.assigned && (field.type !== "id" || field.names)),
    }))
    .filter(({ fields }) => fields.length > 0);
  return more.length ? [...written, { title: "Status and who sees it", fields: more }] : written;
}

interface FormProps {
  title: string;
  back: { to: string; label: string };
  sections: readonly Section[];
  values: FormValues;
  submit: string;
  save: (values: FormValues) => Promise<void>;
  refused: (problem: ApiProblem) => void;
}

function RecordForm({ title, back, sections, values, submit, save, refused }: FormProps) {
  const form = useForm<FormValues>({ defaultValues: values });
  const [problem, setProblem] = useState("");
  const { isSubmitting, isDirty } = form.formState;
  useBlocker({
    shouldBlockFn: () => isDirty && !confirm("Leave without saving what you have typed?"),
    enableBeforeUnload: () => isDirty,
  });

  async function send(typed: FormValues): Promise<void> {
    setProblem("");
    try {
      await save(typed);
    } catch (error) {
      if (error instanceof ApiProblem) {
        refused(error);
        setProblem(sentenceOf(error, markFields(error)));
      } else setProblem(error instanceof Error ? error.message : "This did not work.");
    }
  }

  /** Puts each complaint beside its field. Returns those that have none. */
  function markFields(error: ApiProblem): string[] {
    const known = new Map(sections.flatMap((section) => section.fields));
    return (error.problem.errors ?? []).flatMap(({ field, message }) => {
      const [name = ""] = field.split(".");
      const whole = `${known.get(name)?.label ?? field} ${message}.`;
      if (!known.has(name) || field !== name) return [whole];
      form.setError(name, { message: whole }, { shouldFocus: true });
      return [];
    });
  }

  const first = sections[0]?.fields[0]?.[0];
  return (
    <Page title={title} above={<BackTo to={back.to}>{back.label}</BackTo>} narrow>
      <Box
        component="form"
        noValidate
        aria-label={title}
        onSubmit={(event) => void form.handleSubmit(send)(event)}
        sx={{ display: "grid", gap: 2 }}
      >
        {sections.map((section) => (
          <Card key={section.title} title={section.title}>
            <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 240px), 1fr))" }}>
              {section.fields.map(([name, field]) => (
                <Box key={name} sx={isWide(field) ? { gridColumn: "1 / -1" } : undefined}>
                  <FieldInput name={name} field={field} control={form.control} autoFocus={name === first} />
                </Box>
              ))}
            </Box>
          </Card>
        ))}
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
          <Button type="submit" variant="contained" disabled={isSubmitting} aria-busy={isSubmitting}>
            {submit}
          </Button>
          <Button component={RouterLink} to={back.to} color="inherit">
            Cancel
          </Button>
        </Box>
      </Box>
    </Page>
  );
}

const isWide = (field: Field): boolean => ["longText", "items", "group", "ids", "tags"].includes(field.type);

function sentenceOf(error: ApiProblem, others: readonly string[]): string {
  if (error.status === 412) {
    return "Somebody changed this since you began. What you typed is still here: save once more to put it over theirs.";
  }
  if (error.status === 422) return others.join(" ") || "Some of this cannot be saved yet: see the marked fields.";
  return error.message;
}
