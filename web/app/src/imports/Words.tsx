// What the words of a column mean here: those that say nothing to us are asked about, the others can be looked at.

import Box from "@mui/material/Box";
import { words as wordsOf_ } from "../ui/words";
import { ChoiceSelect } from "./ChoiceSelect";
import { type Corrections, meant, type Word } from "./corrections";
import type { Proposal } from "./proposal";

const NOTHING = "-"; // no choice is called that
const SHOWN = 20; // more are no vocabulary

interface Props {
  proposal: Proposal;
  place: number;
  words: readonly Word[];
  disabled: boolean;
  change: (next: (before: Corrections) => Corrections) => void;
}

export function Words({ proposal, place, words, disabled, change }: Props) {
  const target = proposal.targets.find(({ name }) => name === proposal.columns[place]?.target);
  const choices = (target?.choices ?? []).map((choice) => [choice, wordsOf_(choice)] as const);
  const unknown = words.filter(({ isKnown }) => !isKnown);
  const known = words.filter(({ isKnown }) => isKnown);

  const select = ({ word, meant: now }: Word) => (
    <ChoiceSelect
      key={word}
      label={`“${word}” means`}
      value={now === null ? NOTHING : (now ?? "")}
      empty={now === undefined ? "Choose …" : undefined}
      groups={[
        ["", choices],
        ["Nothing of these", [[NOTHING, "Leave the field empty"]]],
      ]}
      problem={undefined}
      disabled={disabled}
      put={(value) => change((before) => meant(before, proposal, place, word, value === NOTHING ? null : value))}
    />
  );

  return (
    <>
      {unknown.slice(0, SHOWN).map(select)}
      {unknown.length > SHOWN && (
        <Box sx={{ typography: "body2", color: "text.secondary" }}>{`And ${unknown.length - SHOWN} more: that many words are mostly no ${wordsOf_(target?.name ?? "").toLowerCase()}.`}</Box>
      )}
      {known.length > 0 && (
        <Box component="details" sx={{ "& > summary": { cursor: "pointer", typography: "body2", color: "text.secondary", py: 0.5, "@media (pointer: coarse)": { py: 1.5 } } }}>
          <summary>{known.slice(0, 3).map(({ word, meant: now }) => `“${word}” is ${now ? wordsOf_(now).toLowerCase() : "left empty"}`).join(", ") + (known.length > 3 ? ` and ${known.length - 3} more` : "")}</summary>
          <Box sx={{ display: "grid", gap: 1.5, pt: 1.5 }}>{known.slice(0, SHOWN).map(select)}</Box>
        </Box>
      )}
    </>
  );
}
