// Creating and editing a record, whatever its module. Only what was changed is sent.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useForm, type UseFormReturn } from "react-hook-form";
import { complaintOf, isStale } from "../api/complaint";
import { usePerson } from "../api/context";
import { useLive } from "../live/context";
import { useSave } from "../live/save";
import { FormLockNotice } from "../together/FormLockNotice";
import type { Readable } from "../together/readers";
import { useFormLock } from "../together/useFormLock";
import { useReaders } from "../together/useReaders";
import { Viewers } from "../together/Viewers";
import { WithViewers } from "../together/ViewersContext";
import { useAnnounce } from "../ui/Announcer";
import { Bars, Failed, NoPermission, Waiting } from "../ui/states";
import { listed } from "../ui/words";
import { stringifySearch } from "../urls";
import { ConflictDialog } from "./ConflictDialog";
import { useMe, useNames, useRecord } from "./data";
import { type FormValues, isMap, toForm, toWire } from "./formValues";
import type { Clash } from "./merging";
import { type Column, type CrmRecord, type Field, type Module, moduleAt, titleOf } from "./modules";
import { RecordForm, sectionsFor } from "./RecordForm";
import { Unfinished } from "./Unfinished";
import { useDraft } from "./useDraft";
import { useFollowing } from "./useFollowing";
import { useTeamField } from "./useTeamField";

interface Hooks {
  path?: string; // of the module, where the address does not say it
  within?: Within;
}

/** What keeps fields of the form in step. */
type Within = (form: UseFormReturn<FormValues>) => React.ReactNode;

export function CreateScreen({ path: own, within }: Hooks) {
  const { module: path } = useParams({ strict: false });
  const module = moduleAt(own ?? path ?? "");
  return <Create key={module.path} module={module} within={within} />;
}

function Create({ module, within }: { module: Module; within: Within | undefined }) {
  const navigate = useNavigate();
  const announce = useAnnounce();
  const { refusals } = useLive();
  const save = useSave(module);
  const team = useTeamField();
  const search = useSearch({ strict: false });
  const shared = module.fields;
  const sections = sectionsFor(module, [
    ["status", { ...(shared["status"] ?? text("Status")), choices: module.initial, required: true }],
    ["visibility", { ...(shared["visibility"] ?? text("Visibility")), required: true }],
    ...team,
  ]);
  const fields = sections.flatMap((section) => section.fields);
  const [started] = useState(() => given(fields, search));
  const [empty] = useState(() => toForm(fields, { status: module.initial[0], visibility: "team", country: "US", ...started }));
  const form = useForm<FormValues>({ defaultValues: empty });
  const place = `/${module.path}/new${Object.keys(started).length > 0 ? stringifySearch(search) : ""}`;
  const draft = useDraft(form, { place, fields, origin: () => toWire(fields, empty) });
  const { id: me } = usePerson();
  const { data: own } = useMe();
  const readers = useReaders(
    useCallback(() => {
      const { visibility, teamId } = form.getValues();
      return { visibility: String(visibility), ownerId: me, teamId: typeof teamId === "string" && teamId ? teamId : own?.teamIds[0] };
    }, [form, me, own]),
  );
  const back = `/${module.path}`;

  useEffect(() => {
    if (draft.found) form.reset({ ...empty, ...draft.found.content.values }, { keepDefaultValues: true });
  }, [draft.found, empty, form]);

  return (
    <RecordForm
      title={`New ${module.noun}`}
      back={{ to: back, label: module.label }}
      sections={sections}
      form={form}
      submit={`Create ${module.noun}`}
      within={within?.(form)}
      giveUp={draft.drop}
      readers={readers}
      notice={
        <Unfinished
          at={draft.found?.at}
          discard={() => {
            draft.drop();
            form.reset(empty);
          }}
        />
      }
      save={async (values) => {
        const body = toWire(fields, values);
        const saved = await save({ method: "POST", path: "", body });
        draft.drop();
        const title = titleOf(module, { ...body, id: "" } as unknown as CrmRecord);
        if ("waiting" in saved) {
          refusals.expect(saved.waiting, { place, content: draft.content() });
          announce(`${title} is kept here, and created when the connection is back`);
          await navigate({ to: back });
          return;
        }
        announce(`${title} is created`);
        await navigate({ to: saved.record ? `/${module.path}/${saved.record.id}` : back });
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

const text = (label: string): Field => ({ type: "text", label });

export function EditScreen({ path: own, within }: Hooks) {
  const { module: path, id = "" } = useParams({ strict: false });
  const module = moduleAt(own ?? path ?? "");
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
  if (Array.isArray(record.data.can) && !record.data.can.includes("edit")) {
    return <NoPermission>You can see this {module.noun}, but not change it.</NoPermission>;
  }
  return <Edit key={id} module={module} record={record.data} within={within} />;
}

function Edit({ module, record, within }: { module: Module; record: CrmRecord; within: Within | undefined }) {
  const navigate = useNavigate();
  const announce = useAnnounce();
  const named = useNames();
  const { client, refusals } = useLive();
  const save = useSave(module);
  const lock = useFormLock(module, record);
  const about = useMemo(() => ({ noun: module.noun, id: record.id }), [module, record.id]);
  const readers = useReaders(useCallback(() => readable(record), [record]));
  const to = `/${module.path}/${record.id}`;
  const place = `${to}/edit`;
  const sections = useMemo(() => sectionsFor(module, []), [module]);
  const fields = useMemo(() => sections.flatMap((section) => section.fields), [sections]);
  const [begun] = useState(() => toForm(fields, record));
  const [title] = useState(() => titleOf(module, record));
  const [asked, setAsked] = useState<readonly Clash[]>();
  const formElement = useRef<HTMLFormElement>(null);
  const form = useForm<FormValues>({ defaultValues: begun });
  const draft = useDraft(form, { place, fields, origin: () => origin(), idle: lock.viewOnly && !lock.seen.had });
  const { follow, decide, followed, clashes, origin, version, patch } = useFollowing(form, fields, record, draft.found?.content.origin);

  useEffect(() => {
    if (!draft.found) return;
    form.reset({ ...begun, ...draft.found.content.values }, { keepDefaultValues: true });
    follow(record, true);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, with the record that was there
  }, [draft.found, begun, form, follow]);

  // As a colleague's change comes in, by whichever way.
  useEffect(() => {
    follow(record);
    return client.onChange(() => {
      const newer = client.record(module.noun, record.id);
      if (newer) follow(newer as unknown as CrmRecord);
    });
  }, [client, module, record, follow]);

  async function send(): Promise<void> {
    await lock.answered();
    const open = clashes();
    if (open.length > 0) {
      setAsked(open);
      return;
    }
    const body = patch();
    if (Object.keys(body).length > 0) {
      const kept = draft.content();
      const base = version();
      try {
        const saved = await save({ method: "PATCH", path: `/${record.id}`, body, version: base });
        if ("waiting" in saved) refusals.expect(saved.waiting, { place, content: kept });
        announce("waiting" in saved ? `${title} is kept here, and saved when the connection is back` : `${title} is saved`);
      } catch (error) {
        const complaint = complaintOf(error);
        const theirs = complaint.theirs ?? client.record(module.noun, record.id);
        if (!isStale(complaint) || !isMap(theirs) || Number(theirs["version"]) <= base) throw error;
        follow(theirs as unknown as CrmRecord);
        await send(); // over theirs; or it is asked what shall stand
        return;
      }
    }
    draft.drop();
    await navigate({ to });
  }

  const who = followed ? named(followed.by) : "Somebody";
  return (
    <WithViewers noun={module.noun} id={record.id}>
      <RecordForm
        title={`${lock.viewOnly ? "View" : "Edit"} ${title}`}
        beside={<Viewers module={module} />}
        about={about}
        viewOnly={lock.viewOnly}
        readers={readers}
        back={{ to, label: title }}
        sections={sections}
        form={form}
        submit="Save"
        within={within?.(form)}
        giveUp={draft.drop}
        save={send}
        formRef={formElement}
        notice={
          <>
            <FormLockNotice module={module} record={record} lock={lock} />
            <Unfinished
              at={draft.found?.at}
              viewOnly={lock.viewOnly}
              discard={() => {
                draft.drop();
                form.reset(toForm(fields, record));
                decide([]);
              }}
            />
            {followed && (
              <Alert severity="info" role="status">
                {followed.labels.length > 0 && `${who} changed ${listed(followed.labels)} while you were here. `}
                {followed.clashes.length > 0 &&
                  `${who} changed ${listed(followed.clashes.map(({ label }) => label))}, too: what you typed stays, and you are asked when you save.`}
              </Alert>
            )}
          </>
        }
      />
      {asked && (
        <ConflictDialog
          title={title}
          who={who}
          clashes={asked}
          close={() => setAsked(undefined)}
          save={(taken) => {
            decide(taken);
            setAsked(undefined);
            formElement.current?.requestSubmit();
          }}
        />
      )}
    </WithViewers>
  );
}

const readable = ({ visibility, ownerId, teamId }: CrmRecord): Readable => ({
  visibility,
  ownerId,
  teamId: typeof teamId === "string" ? teamId : undefined,
});
