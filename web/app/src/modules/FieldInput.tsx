// The input of a field, by its kind.

import Autocomplete from "@mui/material/Autocomplete";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import IconButton from "@mui/material/IconButton";
import InputAdornment from "@mui/material/InputAdornment";
import TextField from "@mui/material/TextField";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { use, useDeferredValue, useState } from "react";
import { type Control, Controller, useFieldArray } from "react-hook-form";
import { useApi } from "../api/context";
import { newId } from "../ids";
import { ownZone } from "../ownZone";
import { MentionInput } from "../together/MentionInput";
import { SurroundingsContext } from "../together/surroundings";
import { words } from "../ui/words";
import { ChoiceInput } from "./ChoiceInput";
import { useRoster } from "./data";
import type { FormItem, FormValues } from "./formValues";
import { type CrmRecord, type Field, type Module, moduleOf, type Page, titleOf } from "./modules";

interface Props {
  name: string; // its path in the form
  field: Field;
  control: Control<FormValues>;
  autoFocus?: boolean;
}

export function FieldInput(props: Props) {
  const { name, field, control } = props;
  if (field.type === "items") return <ItemsInput {...props} />;
  if (field.type === "group") {
    return (
      <Box sx={{ display: "grid", gap: 2 }}>
        {Object.entries(field.fields ?? {}).map(([each, inner]) => (
          <div key={each}>
            {inner.type === "items" && (
              <Box sx={{ typography: "body2", fontWeight: 500, color: "text.secondary", mb: 1.5 }}>{inner.label}</Box>
            )}
            <FieldInput name={`${name}.${each}`} field={inner} control={control} />
          </div>
        ))}
      </Box>
    );
  }
  return <SimpleInput {...props} />;
}

function SimpleInput({ name, field, control, autoFocus = false }: Props) {
  const { viewOnly, readers, hint } = use(SurroundingsContext);
  return (
    <Controller
      name={name}
      control={control}
      rules={field.required ? { required: `${field.label} is needed.` } : {}}
      render={({ field: { ref, value, ...bound }, fieldState: { error } }) => {
        // What is open at the moment that somebody else begins could still change it.
        const input = { ...bound, onChange: viewOnly ? () => undefined : bound.onChange };
        if (field.type === "boolean") {
          return (
            <FormControlLabel
              label={field.label}
              control={<Checkbox {...input} disabled={viewOnly} checked={value === true} slotProps={{ input: { ref } }} />}
            />
          );
        }
        const noun = field.names;
        if ((field.type === "id" || field.type === "ids") && noun) {
          const given = Array.isArray(value) ? value : [value];
          const ids = given.filter((id): id is string => typeof id === "string" && id !== "");
          const put = (next: string[]) => input.onChange(field.type === "ids" ? next : (next[0] ?? ""));
          const shared = { field, ids, put, inputRef: ref, problem: error?.message };
          const module = moduleOf(noun);
          return module ? <RecordPicker {...shared} module={module} /> : <PersonPicker {...shared} />;
        }
        const { slots, ...look } = looksOf(field);
        const shared = {
          ...input,
          ...look,
          label: field.label,
          required: field.required ?? false,
          autoFocus,
          error: Boolean(error),
          slotProps: { ...slots, input: { ...slots?.input, readOnly: viewOnly } },
        };
        const text = typeof value === "string" ? value : "";
        if (field.type === "longText" && readers) {
          const below = error?.message ?? (viewOnly ? undefined : "@ and a name tells somebody");
          return <MentionInput {...shared} helperText={below} value={text} put={input.onChange} readers={readers} inputRef={ref} readOnly={viewOnly} />;
        }
        const choices = choicesOf(field);
        if (choices) return <ChoiceInput {...shared} value={text} inputRef={ref} helperText={error?.message ?? hint?.(name)} choices={choices} readOnly={viewOnly} />;
        return <TextField {...shared} value={text} inputRef={ref} helperText={error?.message ?? hint?.(name) ?? hintOf(field)} />;
      }}
    />
  );
}

function hintOf(field: Field): string | undefined {
  if (field.type === "tags") return "With commas between them";
  return field.type === "moment" ? `Time of ${ownZone().replaceAll("_", " ")}` : undefined;
}

function choicesOf(field: Field): [string, string][] | undefined {
  const label = (choice: string) => field.labels?.[choice] ?? words(choice);
  const choices = field.choices?.map((choice): [string, string] => [choice, label(choice)]);
  if (!choices) return undefined;
  return field.required ? choices : [["", "–"], ...choices];
}

interface Looks {
  type?: string;
  multiline?: boolean;
  minRows?: number;
  slots?: { htmlInput?: { inputMode?: "decimal"; maxLength?: number | undefined }; input?: object; inputLabel?: { shrink: boolean } };
}

function looksOf(field: Field): Looks {
  const numeric = { htmlInput: { inputMode: "decimal" as const } };
  const adorned = (position: "start" | "end", sign: string): Looks => ({
    slots: { ...numeric, input: { [`${position}Adornment`]: <InputAdornment position={position}>{sign}</InputAdornment> } },
  });
  switch (field.type) {
    case "longText":
      return { multiline: true, minRows: 4, slots: { htmlInput: { maxLength: field.maxLength } } };
    case "money":
      return adorned("start", "$");
    case "percent":
      return adorned("end", "%");
    case "quarters":
    case "whole":
    case "count":
    case "number":
    case "coordinate":
      return { slots: numeric };
    case "date":
      return { type: "date", slots: { inputLabel: { shrink: true } } };
    case "moment":
      return { type: "datetime-local", slots: { inputLabel: { shrink: true } } };
    case "email":
      return { type: "email" };
    case "phone":
      return { type: "tel" };
    case "url":
      return { type: "url" };
    default:
      return { slots: { htmlInput: { maxLength: field.maxLength } } };
  }
}

interface PickerProps {
  field: Field;
  ids: string[];
  put: (ids: string[]) => void;
  inputRef: React.Ref<HTMLInputElement>;
  problem: string | undefined;
}

interface Option {
  id: string;
  label: string;
}

/** Records of another module, found by what is typed. */
function RecordPicker({ module, ...props }: PickerProps & { module: Module }) {
  const api = useApi();
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: [module.path, "found", wanted],
    queryFn: ({ signal }) =>
      api.get<Page>(`/${module.path}`, { query: { q: wanted, limit: 8, archived: "false" }, signal }),
    placeholderData: (before) => before,
  });
  const option = (record: CrmRecord): Option => ({ id: record.id, label: titleOf(module, record) });
  const chosen = useQueries({
    queries: props.ids.map((id) => ({
      queryKey: [module.path, "record", id],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.get<CrmRecord>(`/${module.path}/${id}`, { signal }),
    })),
    combine: (answers) =>
      props.ids.map((id, index): Option => {
        const record = answers[index]?.data;
        return record ? option(record) : { id, label: `${module.noun} ${id.slice(0, 8)}` };
      }),
  });
  const options = found.data?.items.map(option) ?? [];
  return <Picker {...props} options={options} chosen={chosen} search={setText} />;
}

function PersonPicker(props: PickerProps) {
  const { data } = useRoster();
  const options = data?.users.map(({ userId, name }): Option => ({ id: userId, label: name })) ?? [];
  const chosen = props.ids.map((id) => options.find((option) => option.id === id) ?? { id, label: "Somebody" });
  return <Picker {...props} options={options} chosen={chosen} />;
}

type PickerParts = PickerProps & { options: Option[]; chosen: Option[]; search?: (text: string) => void };

function Picker({ field, put, inputRef, problem, options, chosen, search }: PickerParts) {
  const { viewOnly } = use(SurroundingsContext);
  const shared = {
    readOnly: viewOnly,
    options,
    isOptionEqualToValue: (one: Option, other: Option) => one.id === other.id,
    getOptionKey: (option: Option) => option.id,
    onInputChange: (_event: unknown, text: string) => search?.(text),
    ...(search ? { filterOptions: (all: Option[]) => all } : {}), // the server has searched
    renderInput: (params: object) => (
      <TextField {...params} label={field.label} inputRef={inputRef} error={Boolean(problem)} helperText={problem} />
    ),
  };
  return field.type === "ids" ? (
    <Autocomplete {...shared} multiple value={chosen} onChange={(_event, next) => put(next.map(({ id }) => id))} />
  ) : (
    <Autocomplete {...shared} value={chosen[0] ?? null} onChange={(_event, next) => put(next ? [next.id] : [])} />
  );
}

/** What holds several, such as the steps of a checklist. */
function ItemsInput({ name, field, control }: Props) {
  const { viewOnly } = use(SurroundingsContext);
  const items = useFieldArray({ control: control as unknown as Control<Record<string, FormItem[]>>, name });
  const inner = Object.entries(field.fields ?? {}).filter(([, each]) => each.type !== "position");

  function add(): void {
    const empty = inner.map(([each, { type }]) => [each, type === "boolean" ? false : ""] as const);
    items.append({ ...Object.fromEntries(empty), key: newId() });
  }

  return (
    <Box role="group" aria-label={field.label} sx={{ display: "grid", gap: 1.5 }}>
      {items.fields.map((item, index) => (
        <Box key={item.id} sx={{ display: "flex", gap: 1, alignItems: "flex-start" }}>
          <Box sx={{ flex: 1, display: "grid", gap: 1, gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 160px), 1fr))" }}>
            {inner.map(([each, innerField]) => (
              <FieldInput key={each} name={`${name}.${index}.${each}`} field={innerField} control={control} />
            ))}
          </Box>
          {!viewOnly && (
            <IconButton aria-label={`Remove ${index + 1} of ${field.label}`} onClick={() => items.remove(index)}>
              <Trash2 size={16} aria-hidden />
            </IconButton>
          )}
        </Box>
      ))}
      {!viewOnly && (
        <Box>
          <Button startIcon={<Plus size={15} aria-hidden />} onClick={add} color="inherit">
            Add to {field.label.toLowerCase()}
          </Button>
        </Box>
      )}
    </Box>
  );
}
