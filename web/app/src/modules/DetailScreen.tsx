// One record, whatever its module: what it says, what may be done with it, what happened to it.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { Link as RouterLink, useNavigate, useParams } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { Card, Page } from "../ui/layout";
import { Bars, Failed, Waiting } from "../ui/states";
import { Chip, StatusChip } from "../ui/StatusChip";
import { dayText } from "../ui/words";
import { BackTo } from "./BackTo";
import { useNames, useRecord } from "./data";
import { History } from "./History";
import { type Column, type CrmRecord, type Module, moduleAt, sectionsOf, titleOf } from "./modules";
import { RecordActions, StatusMenu } from "./RecordActions";
import { Value } from "./values";

export default function DetailScreen() {
  const { module: path, id = "" } = useParams({ strict: false });
  const module = moduleAt(path ?? "");
  const record = useRecord(module, id);
  if (record.isPending) {
    return (
      <Waiting>
        <Box sx={{ p: 4, display: "grid", gap: 3 }}>
          <Bars count={1} width={320} height={36} />
          <Bars count={2} height={180} />
        </Box>
      </Waiting>
    );
  }
  if (!record.data) return <Failed error={record.error} retry={() => void record.refetch()} />;
  return <Detail module={module} record={record.data} />;
}

function Detail({ module, record }: { module: Module; record: CrmRecord }) {
  const navigate = useNavigate();
  const named = useNames();
  const mayEdit = record.can.includes("edit");
  const number = module.number ? record[module.number] : undefined;
  return (
    <Page
      title={titleOf(module, record)}
      above={<BackTo to={`/${module.path}`}>{module.label}</BackTo>}
      about={
        <>
          <StatusChip status={record.status} />
          {record.archived && <Chip tone="quiet">Archived</Chip>}
        </>
      }
      actions={
        <>
          {mayEdit && <StatusMenu module={module} record={record} />}
          {mayEdit && (
            <Button
              component={RouterLink}
              to={`/${module.path}/${record.id}/edit`}
              variant="contained"
              startIcon={<Pencil size={15} aria-hidden />}
            >
              Edit
            </Button>
          )}
          <RecordActions module={module} record={record} gone={() => void navigate({ to: `/${module.path}` })} />
        </>
      }
    >
      {record.warnings?.map(({ field, message }) => (
        <Alert key={field + message} severity="warning" sx={{ mb: 2 }}>
          {`${module.fields[field]?.label ?? field} ${message}.`}
        </Alert>
      ))}
      <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "minmax(0, 1fr) 380px" }, alignItems: "start" }}>
        <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>
          {sectionsOf(module).map(({ title, fields }) => (
            <SectionCard key={title} title={title} fields={fields} record={record} />
          ))}
        </Box>
        <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>
          <Card title="About">
            <Facts>
              {typeof number === "string" && <Fact label="Number">{number}</Fact>}
              <Fact label="Owner">{named(record.ownerId)}</Fact>
              <Fact label="Seen by">{SEEN_BY[record.visibility] ?? record.visibility}</Fact>
              <Fact label="Added">{`${dayText(record.createdAt.slice(0, 10))} by ${named(record.createdBy)}`}</Fact>
            </Facts>
          </Card>
          <History module={module} id={record.id} />
        </Box>
      </Box>
    </Page>
  );
}

const SEEN_BY: Record<string, string> = {
  private: "Its owner alone",
  team: "The team",
  broker: "The whole brokerage",
};

function SectionCard({ title, fields, record }: { title: string; fields: readonly Column[]; record: CrmRecord }) {
  const [only] = fields;
  if (only && fields.length === 1 && (only[1].type === "items" || only[1].type === "group")) {
    const [name, field] = only;
    const tables = field.type === "group" ? Object.entries(field.fields ?? {}) : [];
    const value = record[name] as Record<string, unknown> | undefined;
    const empty = field.type === "items" ? entries(value).length === 0 : tables.every(([each]) => entries(value?.[each]).length === 0);
    if (empty) return null;
    return (
      <Card title={title}>
        {field.type === "items" ? (
          <ItemList label={title} fields={field.fields ?? {}} value={value} />
        ) : (
          <Box sx={{ display: "grid", gap: 2 }}>
            {tables.filter(([each]) => entries(value?.[each]).length > 0).map(([each, inner]) => (
              <div key={each}>
                <Box sx={{ typography: "body2", fontWeight: 500, color: "text.secondary", mb: 0.5 }}>{inner.label}</Box>
                <ItemList label={inner.label} fields={inner.fields ?? {}} value={value?.[each]} />
              </div>
            ))}
          </Box>
        )}
      </Card>
    );
  }
  return (
    <Card title={title}>
      <Facts>
        {fields.map(([name, field]) => (
          <Fact key={name} label={field.label} wide={field.type === "longText"} empty={!hasValue(record[name])}>
            <Value field={field} value={record[name]} />
          </Fact>
        ))}
      </Facts>
    </Card>
  );
}

/** In their order: by position, then by when they came. */
function entries(value: unknown): [string, Record<string, unknown>][] {
  const found = Object.entries((value ?? {}) as Record<string, Record<string, unknown>>);
  const place = (item: Record<string, unknown>) => (typeof item["position"] === "string" ? item["position"] : "~");
  return found.toSorted(([, one], [, other]) => (place(one) < place(other) ? -1 : 1));
}

function ItemList({ label, fields, value }: { label: string; fields: NonNullable<Column[1]["fields"]>; value: unknown }) {
  const shown = Object.entries(fields).filter(([, field]) => field.type !== "position" && field.type !== "boolean");
  const done = Object.keys(fields).find((name) => fields[name]?.type === "boolean");
  return (
    <Box component="ul" aria-label={label} sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 0.75 }}>
      {entries(value).map(([id, item]) => (
        <Box component="li" key={id} sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, alignItems: "baseline" }}>
          {done && <Chip tone={item[done] ? "green" : "quiet"}>{item[done] ? "Done" : "Open"}</Chip>}
          {shown.map(([name, field]) => (
            <Box component="span" key={name} sx={{ overflowWrap: "anywhere" }}>
              <Value field={field} value={item[name]} />
            </Box>
          ))}
        </Box>
      ))}
    </Box>
  );
}

function hasValue(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.keys(value).length > 0 : value !== undefined && value !== "";
}

function Facts({ children }: { children: React.ReactNode }) {
  return (
    <Box
      component="dl"
      sx={{ m: 0, display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fill, minmax(132px, 1fr))" }}
    >
      {children}
    </Box>
  );
}

interface FactProps {
  label: string;
  wide?: boolean;
  empty?: boolean; // a phone has no room for what is not there
  children: React.ReactNode;
}

function Fact({ label, wide = false, empty = false, children }: FactProps) {
  return (
    <Box sx={{ minWidth: 0, gridColumn: wide ? "1 / -1" : undefined, display: { xs: empty ? "none" : "block", sm: "block" } }}>
      <Box component="dt" sx={{ typography: "caption", color: "text.secondary" }}>
        {label}
      </Box>
      <Box component="dd" sx={{ m: 0, overflowWrap: "anywhere" }}>
        {children}
      </Box>
    </Box>
  );
}
