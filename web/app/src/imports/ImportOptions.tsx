// What holds for all rows: what becomes of those that are there already, whose they are, what the file says nothing of.

import Box from "@mui/material/Box";
import FormControlLabel from "@mui/material/FormControlLabel";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import TextField from "@mui/material/TextField";
import { useId } from "react";
import { useMe, useRoster } from "../modules/data";
import { type Module, moduleOf } from "../modules/modules";
import { CheckBox } from "../ui/CheckBox";
import { Card } from "../ui/layout";
import { listed, words } from "../ui/words";
import { ChoiceSelect } from "./ChoiceSelect";
import { choiceOf, type Corrections, linkedOf, targetOf, withLinked } from "./corrections";
import { labelOf, type Proposal, type Target } from "./proposal";

interface Props {
  proposal: Proposal;
  module: Module | undefined;
  corrections: Corrections;
  disabled: boolean;
  change: (next: (before: Corrections) => Corrections) => void;
}

/** Each with whether only empty fields are updated. */
const WAYS = {
  skip: { duplicates: "skip" },
  empty: { duplicates: "update", update: "empty" },
  all: { duplicates: "update", update: "all" },
  create: { duplicates: "create" },
} as const;

export function ImportOptions({ proposal, module, corrections, disabled, change }: Props) {
  const heading = useId();
  const duplicates = corrections.duplicates ?? proposal.duplicates;
  const way = duplicates === "update" ? (corrections.update ?? proposal.update) : duplicates;
  const path = module?.path ?? "records";
  return (
    <Card title="For all rows">
      <Box sx={{ display: "grid", gap: 2.5 }}>
        <Box>
          <Box id={heading} sx={{ typography: "body2", fontWeight: 500, color: "text.secondary" }}>
            {`Rows that are among your ${path} already`}
          </Box>
          <RadioGroup aria-labelledby={heading} value={way} onChange={(_event, next) => change((before) => ({ ...before, ...WAYS[next as keyof typeof WAYS] }))}>
            {[
              ["skip", "Skip them: what is there stays as it is"],
              ["empty", "Update them, but only fields that are empty"],
              ["all", "Update them with all that the file says"],
              ["create", "Create them once more"],
            ].map(([value, label]) => (
              <FormControlLabel key={value} value={value} label={label} disabled={disabled} control={<Radio size="small" />} sx={{ "@media (pointer: coarse)": { minHeight: 44 } }} />
            ))}
          </RadioGroup>
        </Box>
        <LinkedRecords proposal={proposal} corrections={corrections} disabled={disabled} change={change} />
        <Owner proposal={proposal} corrections={corrections} disabled={disabled} change={change} path={path} />
        {openTargets(proposal, corrections).map((target) => (
          <Constant key={target.name} target={target} module={module} proposal={proposal} corrections={corrections} disabled={disabled} change={change} />
        ))}
        <CheckBox checked={corrections.header ?? proposal.header} disabled={disabled} change={(header) => change((before) => ({ ...before, header }))}>
          <Box component="span">The first line names the columns</Box>
        </CheckBox>
      </Box>
    </Card>
  );
}

type Part = Pick<Props, "proposal" | "corrections" | "disabled" | "change">;

function Owner({ proposal, corrections, disabled, change, path }: Part & { path: string }) {
  const { data: me } = useMe();
  const { data } = useRoster();
  const mayGive = me?.role === "lead" || me?.role === "broker";
  if (!mayGive || !data) return null;
  const people = data.users.map(({ userId, name }) => [userId, userId === me.userId ? `${name} (you)` : name] as const);
  return (
    <ChoiceSelect
      label={`New ${path} of which the file names no owner are of`}
      value={corrections.ownerId ?? proposal.ownerId}
      empty={undefined}
      groups={[["", people]]}
      problem={undefined}
      disabled={disabled}
      put={(ownerId) => change((before) => ({ ...before, ownerId }))}
    />
  );
}

/** A file of transactions tells of people and listings, too. */
function LinkedRecords({ proposal, corrections, disabled, change }: Part) {
  const heading = useId();
  const wanted = linkedOf(proposal, corrections);
  if (proposal.linked.length === 0) return null;
  return (
    <Box role="group" aria-labelledby={heading} sx={{ display: "grid", justifyItems: "start" }}>
      <Box id={heading} sx={{ typography: "body2", fontWeight: 500, color: "text.secondary" }}>
        Made of the same rows, each once, and linked
      </Box>
      {proposal.linked.map(({ name, noun, columns }) => (
        <CheckBox key={name} checked={wanted.includes(name)} disabled={disabled} change={(isWanted) => change((before) => withLinked(before, proposal, name, isWanted))}>
          <span>{`${words(name)}s${name === noun ? "" : `, as ${moduleOf(noun)?.path ?? noun}`}, from ${listed(columns)}`}</span>
        </CheckBox>
      ))}
    </Box>
  );
}

const TYPED: ReadonlySet<string> = new Set(["text", "state", "zip"]);

/** What can be said for all rows at once: the status, and what is missing, where no column is it. */
function openTargets(proposal: Proposal, corrections: Corrections): readonly Target[] {
  const filled = new Set(proposal.columns.map((column, place) => targetOf(column, choiceOf(proposal, corrections, place))));
  const isAsked = (name: string): boolean => name === "status" || proposal.missing.includes(name) || name in proposal.constants;
  return proposal.targets.filter(({ name, kind }) => isAsked(name) && !filled.has(name) && (kind === "words" || TYPED.has(kind)));
}

function Constant({ target, module, proposal, corrections, disabled, change }: Part & { target: Target; module: Module | undefined }) {
  const constants = corrections.constants ?? proposal.constants;
  const value = String(constants[target.name] ?? "");
  const label = `${labelOf(module, target.name)} of all rows`;
  const put = (next: string) => change((before) => ({ ...before, constants: { ...(before.constants ?? proposal.constants), [target.name]: next } }));
  if (!target.choices) return <TextField label={label} value={value} disabled={disabled} onChange={(event) => put(event.target.value)} slotProps={{ htmlInput: { maxLength: 100 } }} />;
  const choices = [["", "As usual"] as const, ...target.choices.map((choice) => [choice, words(choice)] as const)];
  return <ChoiceSelect label={label} value={value} empty={undefined} groups={[["", choices]]} problem={undefined} disabled={disabled} put={put} />;
}
