// What happened to a record, in words: "Ben changed price from $425,000 to $430,000".

import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { HistoryStep } from "../contract";
import { Avatar } from "../ui/Avatar";
import { Card } from "../ui/layout";
import { Bars, Failed, Waiting } from "../ui/states";
import { ago, words } from "../ui/words";
import { useHistory, useNames } from "./data";
import type { Module } from "./modules";
import { textOf } from "./values";

export function History({ module, id }: { module: Module; id: string }) {
  const history = useHistory(module, id);
  const named = useNames();
  return (
    <Card title="History">
      {history.isPending && (
        <Waiting>
          <Bars count={4} height={32} />
        </Waiting>
      )}
      {history.error && <Failed error={history.error} retry={() => void history.refetch()} />}
      <Box component="ol" aria-label="History" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 1.5 }}>
        {told(module, history.data?.items ?? []).map(({ step, sentence }) => (
          <Box component="li" key={step.version} sx={{ display: "flex", gap: 1.5 }}>
            <Avatar name={named(step.by)} size={24} />
            <Box sx={{ minWidth: 0 }}>
              <Typography sx={{ overflowWrap: "anywhere" }}>
                <strong>{named(step.by)}</strong> {sentence}
              </Typography>
              <Typography variant="caption" color="textSecondary">
                <time dateTime={step.at} title={new Date(step.at).toLocaleString()}>
                  {ago(step.at, Date.now())}
                </time>
              </Typography>
            </Box>
          </Box>
        ))}
      </Box>
    </Card>
  );
}

/** Newest first, as they come. What a field was before is in the steps before. */
export function told(module: Module, newestFirst: readonly HistoryStep[]): { step: HistoryStep; sentence: string }[] {
  let before: Record<string, unknown> = {};
  return newestFirst
    .toReversed()
    .map((step) => {
      const sentence = sentenceOf(module, step, before);
      before = { ...before, ...step.changes };
      return { step, sentence };
    })
    .toReversed();
}

const DEEDS: Record<string, string> = {
  created: "added this",
  archived: "archived this",
  restored: "took this out of the archive",
  deleted: "deleted this",
  recovered: "recovered this",
  converted: "converted this",
};

function sentenceOf(module: Module, step: HistoryStep, before: Record<string, unknown>): string {
  const deed = DEEDS[step.action];
  const why = step.reason ? `, because: ${step.reason}` : "";
  if (deed) return deed + why;
  const parts = Object.entries(step.changes)
    .filter(([name]) => module.fields[name] && !module.fields[name].assigned)
    .map(([name, value]) => changed(module, name, value, before[name]));
  if (parts.length === 0) return words(step.action).toLowerCase() + why;
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}${why}` : `${parts[0]}${why}`;
}

function changed(module: Module, name: string, value: unknown, before: unknown): string {
  const field = module.fields[name];
  if (!field) return "";
  const label = field.label === "ID" ? "ID" : field.label.charAt(0).toLowerCase() + field.label.slice(1);
  if (["longText", "tags", "ids", "items", "group", "list", "id"].includes(field.type)) return `changed ${label}`;
  const [from, to] = [textOf(field, before), textOf(field, value)];
  if (!to) return `cleared ${label}`;
  return from ? `changed ${label} from ${from} to ${to}` : `set ${label} to ${to}`;
}
