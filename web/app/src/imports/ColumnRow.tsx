// One column of a file: its first values, what it becomes, how sure that is, how its values are read.

import Box from "@mui/material/Box";
import { memo } from "react";
import { Chip, type Tone } from "../ui/StatusChip";
import { ChoiceSelect } from "./ChoiceSelect";
import { aimed, type Corrections, nameOf, questionsOf, read, targetOf, wordsOf } from "./corrections";
import { type Choice, type Column, labelOf, moduleNamed, noteTarget, type Proposal } from "./proposal";
import { Words } from "./Words";

const OUT = "-"; // no field is called that
const AS_FOUND = "?"; // nor that

interface Props {
  proposal: Proposal;
  place: number;
  choice: Choice | undefined;
  clash: string | undefined;
  disabled: boolean;
  change: (next: (before: Corrections) => Corrections) => void;
}

export const ColumnRow = memo(function ColumnRow({ proposal, place, choice, clash, disabled, change }: Props) {
  const { [place]: column } = proposal.columns;
  if (!column) return null;
  const name = nameOf(column.name, place);
  const target = targetOf(column, choice);
  // How it is read is known of what it was planned as.
  const isPlanned = target === column.target && typeof target === "string";
  const questions = isPlanned ? questionsOf(column, choice) : [];
  const words = isPlanned ? wordsOf(column, choice) : [];
  const [tone, word] = markOf(column, choice);
  return (
    <Box
      component="li"
      data-column={name}
      sx={{
        display: "grid",
        gap: { xs: 1.5, md: 2 },
        gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "minmax(0, 1fr) minmax(0, 1fr)" },
        px: 2,
        py: 1.5,
        borderTop: 1,
        borderColor: "divider",
        overflowWrap: "anywhere",
      }}
    >
      <Box sx={{ minWidth: 0 }}>
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
          <Box component="span" sx={{ fontWeight: 600 }}>
            {name}
          </Box>
          <Chip tone={tone}>{word}</Chip>
        </Box>
        <Box component="ul" aria-label={`First values of ${name}`} sx={{ m: 0, mt: 0.5, p: 0, listStyle: "none", typography: "body2", color: "text.secondary" }}>
          {column.samples.length === 0 && <li>No values</li>}
          {column.samples.map((sample) => (
            <li key={sample}>{sample}</li>
          ))}
        </Box>
      </Box>
      <Box sx={{ minWidth: 0, display: "grid", gap: 1.5, alignContent: "start" }}>
        <ChoiceSelect
          label={`${name} becomes`}
          value={target === null ? OUT : (target ?? "")}
          empty={target === undefined ? "Choose …" : undefined}
          groups={groupsOf(proposal, column, choice)}
          problem={clash}
          disabled={disabled}
          put={(value) => change((before) => aimed(before, proposal, place, value === AS_FOUND ? undefined : value === OUT ? null : value))}
        />
        {isPlanned && column.remark && choice === column.choice && <Box sx={{ typography: "body2", color: "warning.main" }}>{sentence(column.remark)}</Box>}
        {!isPlanned && typeof target === "string" && <Box sx={{ typography: "body2", color: "text.secondary" }}>How it is read shows when you check again.</Box>}
        {questions.map(({ name: of, label, value, choices, waits }) => (
          <ChoiceSelect
            key={of}
            label={label}
            name={`${label}, in ${name}`}
            value={choices.some(([each]) => each === value) ? value : ""}
            empty={choices.some(([each]) => each === value) ? undefined : "Choose …"}
            groups={[["", choices]]}
            problem={undefined}
            hint={waits ? "Please check: the values do not show it." : undefined}
            disabled={disabled}
            put={(next) => change((before) => read(before, proposal, place, { [of]: next }))}
          />
        ))}
        {words.length > 0 && <Words proposal={proposal} place={place} words={words} disabled={disabled} change={change} />}
      </Box>
    </Box>
  );
});

function markOf(column: Column, choice: Choice | undefined): [Tone, string] {
  if (choice) return choice.target === null ? ["quiet", "Left out by you"] : ["accent", "Chosen by you"];
  if (column.confidence === "sure") return column.target === null ? ["quiet", "Another column is it"] : ["green", "Sure"];
  return column.confidence === "suggested" ? ["amber", "Suggested"] : ["quiet", "Unknown"];
}

type Groups = readonly (readonly [label: string, choices: readonly (readonly [value: string, label: string])[]])[];

/** What it may be, likeliest first; then everything else. */
function groupsOf(proposal: Proposal, { candidates }: Column, choice: Choice | undefined): Groups {
  const module = moduleNamed(proposal);
  const named = (name: string) => [name, labelOf(module, name)] as const;
  const notes = noteTarget(proposal.targets);
  const first = candidates.map(named);
  const others = proposal.targets.flatMap(({ name }) => (candidates.includes(name) || name === notes ? [] : [named(name)])).toSorted(([, one], [, other]) => one.localeCompare(other));
  const no: [string, string][] = [[OUT, "Leave out"]];
  if (choice) no.push([AS_FOUND, "Take back what was chosen"]);
  if (notes && !candidates.includes(notes)) no.push([notes, `Keep as text in ${labelOf(module, notes).toLowerCase()}`]);
  return [...(first.length > 0 ? ([["Suggested", first]] as const) : []), ["No field", no], ["Fields", others]];
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
