// One date of an agreement: how it was worked out, the sentence that says it, and where it is kept.

import Box from "@mui/material/Box";
import { memo } from "react";
import { type Control, useController, useWatch } from "react-hook-form";
import type { Escrow } from "../escrows/escrow";
import { FieldInput } from "../modules/FieldInput";
import type { FormValues } from "../modules/formValues";
import { CheckBox } from "../ui/CheckBox";
import { dayText } from "../ui/words";
import { DATE_FIELDS, datePath, type KeyDate, TIMELINE, targetLabel } from "./dates";
import { Pointed } from "./Pointed";
import { type Place, piecesOf, quoted } from "./source";

interface Props {
  date: KeyDate;
  escrow: Escrow | undefined;
  control: Control<FormValues>;
}

export const DateRow = memo(function DateRow({ date, escrow, control }: Props) {
  const { field } = useController({ control, name: datePath(date, "keep") });
  const isKept = field.value === true;
  const target = useWatch({ control, name: datePath(date, "target") });
  const current = typeof target === "string" && target !== TIMELINE && target !== "" ? escrow?.[target] : undefined;
  return (
    <Box component="li" data-date={date.label} sx={{ px: 2, py: 1.5, borderTop: 1, borderColor: "divider" }}>
      <Pointed name={datePath(date, "day")} sx={{ display: "grid", gap: 1.5 }}>
        <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 1.5 }}>
          <CheckBox checked={isKept} disabled={false} label={`Keep ${date.title}`} change={field.onChange}>
            <Box component="span" sx={{ fontWeight: 600 }}>
              {date.title}
            </Box>
          </CheckBox>
          <Box component="span">{dayText(date.day)}</Box>
          {date.counted && (
            <Box component="span" sx={{ typography: "body2", color: "text.secondary" }}>
              {date.counted}
              {date.anchor && ` (${quoted(date.anchor.words)})`}
            </Box>
          )}
        </Box>
        <Sentence sentence={date.sentence} span={date.span} />
        {date.notes.map((note) => (
          <Box key={note} sx={{ typography: "body2", color: "warning.main" }}>
            {note}
          </Box>
        ))}
        {isKept && (
          <Box sx={{ display: "grid", gap: 2, pt: 0.5, gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 148px), 1fr))", alignItems: "start" }}>
            {DATE_FIELDS.filter(([name]) => name !== "keep" && (name !== "title" || target === TIMELINE)).map(([name, each]) => (
              <FieldInput key={name} name={datePath(date, name)} field={each} control={control} />
            ))}
          </Box>
        )}
        {isKept && typeof current === "string" && typeof target === "string" && (
          <Box sx={{ typography: "body2", color: "text.secondary" }}>{`The ${targetLabel(target).toLowerCase()} of this escrow is ${dayText(current)} now.`}</Box>
        )}
      </Pointed>
    </Box>
  );
});

/** With the words that say it. */
export function Sentence({ sentence, span }: { sentence: Place; span?: Place }) {
  const shifted: [string, Place][] = span ? [["span", { ...span, start: span.start - sentence.start, end: span.end - sentence.start }]] : [];
  return (
    <Box component="blockquote" sx={{ m: 0, pl: 1.5, borderLeft: 2, borderColor: "divider", typography: "body2", overflowWrap: "anywhere" }}>
      {piecesOf(sentence.words, shifted).map(({ start, text, names }) =>
        names.length > 0 ? (
          <Box key={start} component="mark" sx={{ color: "inherit", borderRadius: "3px", bgcolor: "color-mix(in srgb, var(--mui-palette-primary-main) 16%, transparent)" }}>
            {text}
          </Box>
        ) : (
          text
        ),
      )}
    </Box>
  );
}
