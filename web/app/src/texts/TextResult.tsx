// What has come of a task that reads or writes texts.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import type { Task } from "@openhouse/client";
import { Link as RouterLink } from "@tanstack/react-router";
import { useRecord } from "../modules/data";
import { type Module, moduleOf, titleOf } from "../modules/modules";
import { Ended } from "../tasks/Ended";
import { countsText } from "../tasks/tray";
import { Card } from "../ui/layout";
import { RecordStatus } from "../ui/StatusChip";
import { words } from "../ui/words";
import { Another } from "./Another";
import { madeOf } from "./result";

const CALLED: Readonly<Record<string, string>> = { create_from_text: "reading", escrow_timeline: "timeline", describe_listing: "description" };

export default function TextResult({ task, undoing }: { task: Task; undoing: Task | undefined }) {
  const module = task.about && moduleOf(task.about.noun);
  const made = madeOf(task);
  const goTo = module && (
    <Button component={RouterLink} to={`/${module.path}/${task.about?.id}`} variant="contained">
      {`Go to the ${module.noun}`}
    </Button>
  );
  return (
    <Ended
      task={task}
      called={CALLED[task.kind] ?? "task"}
      back="Undo"
      wrote={(task.counts["created"] ?? 0) > 0}
      undoing={undoing && <Undoing task={undoing} />}
      actions={goTo}
      more={<Another task={task} />}
    >
      {made.length > 0 && (
        <Box component="ul" aria-label="Created" sx={{ m: 0, p: 0, listStyle: "none" }}>
          {made.map(({ noun, id }) => {
            const known = moduleOf(noun);
            return known && <Made key={id} module={known} id={id} />;
          })}
        </Box>
      )}
    </Ended>
  );
}

function Made({ module, id }: { module: Module; id: string }) {
  const { data, isGone } = useRecord(module, id);
  return (
    <Box component="li" sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 1.5, minHeight: 44, borderTop: 1, borderColor: "divider" }}>
      <Box component="span" sx={{ width: 104, typography: "body2", color: "text.secondary" }}>
        {words(module.noun)}
      </Box>
      {isGone ? (
        <Box component="span" sx={{ color: "text.secondary" }}>
          Not there any more
        </Box>
      ) : (
        <Link component={RouterLink} to={`/${module.path}/${id}`} sx={{ flex: "1 1 160px", minWidth: 0, fontWeight: 500, overflowWrap: "anywhere" }}>
          {data ? titleOf(module, data) : `The new ${module.noun}`}
        </Link>
      )}
      {data && !isGone && <RecordStatus record={data} />}
    </Box>
  );
}

function Undoing({ task }: { task: Task }) {
  return (
    <Card title={task.status === "running" ? "Taking it back" : "Taken back"}>
      <Box>{task.message}</Box>
      <Typography variant="body2" color="textSecondary">
        {countsText(task.counts)}
      </Typography>
    </Card>
  );
}
