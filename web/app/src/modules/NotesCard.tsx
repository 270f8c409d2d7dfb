import { LongText } from "../together/LongText";
import { TypingHint } from "../together/TypingHint";
import { Card } from "../ui/layout";
import type { Module } from "./modules";

/** A long text of a record; nothing where there is none. */
export function NotesCard({ module, field, text }: { module: Module; field: string; text: unknown }) {
  if (typeof text !== "string" || text === "") return null;
  return (
    <Card title={module.fields[field]?.label ?? field} action={<TypingHint field={field} />}>
      <LongText text={text} />
    </Card>
  );
}
