import Box from "@mui/material/Box";
import { TypingHint } from "../together/TypingHint";
import { Fact, Facts } from "../ui/Facts";
import { Card } from "../ui/layout";
import { Chip } from "../ui/StatusChip";
import type { Column, CrmRecord } from "./modules";
import { Value } from "./values";

/** Some fields of a record, whatever its module: a list of its own for a map of items, names and values for all else. */
export function SectionCard({ title, fields, record }: { title: string; fields: readonly Column[]; record: CrmRecord }) {
  const [only] = fields;
  if (only && fields.length === 1 && (only[1].type === "items" || only[1].type === "group")) {
    const [name, field] = only;
    const tables = field.type === "group" ? Object.entries(field.fields ?? {}) : [];
    const value = record[name] as Record<string, unknown> | undefined;
    const empty = field.type === "items" ? entries(value).length === 0 : tables.every(([each]) => entries(value?.[each]).length === 0);
    if (empty) return null;
    return (
      <Card title={title} action={<TypingHint field={name} />}>
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
          <Fact key={name} label={field.label} hint={<TypingHint field={name} />} wide={field.type === "longText"}>
            {hasValue(record[name]) && <Value field={field} value={record[name]} />}
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
