// The description of a listing, and how one is written from its facts.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useTasks } from "@openhouse/client/react/tasks";
import { Link as RouterLink } from "@tanstack/react-router";
import { useState } from "react";
import { LongText } from "../together/LongText";
import { TypingHint } from "../together/TypingHint";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { Card } from "../ui/layout";
import type { CrmRecord } from "../modules/modules";
import { isOver } from "../tasks/tray";
import { pageOf } from "../texts/page";
import { useBegin } from "../texts/useBegin";

export default function Description({ listing }: { listing: CrmRecord }) {
  const { description: text } = listing;
  const isThere = typeof text === "string" && text !== "";
  const mayEdit = listing.can.includes("edit");
  if (!isThere && !mayEdit) return null;
  return (
    <Card
      title="Description"
      action={
        <>
          <TypingHint field="description" />
          {mayEdit && <Describe id={listing.id} isThere={isThere} />}
        </>
      }
    >
      {isThere ? <LongText text={text} /> : <Box sx={{ color: "text.secondary" }}>None yet.</Box>}
    </Card>
  );
}

function Describe({ id, isThere }: { id: string; isThere: boolean }) {
  const { items } = useTasks();
  const begin = useBegin();
  const announce = useAnnounce();
  const why = useWhy();
  const [busy, setBusy] = useState(false);
  const open = items.find((task) => task.kind === "describe_listing" && task.about?.id === id && task.undoes === undefined && !isOver(task));
  if (open) {
    return (
      <Button size="small" component={RouterLink} to={pageOf(open)}>
        {open.status === "running" ? "One is being written" : "Look at the new one"}
      </Button>
    );
  }

  function describe(): void {
    setBusy(true);
    void begin("describe_listing", { listing: id })
      .catch((error: unknown) => announce(why(error)))
      .finally(() => setBusy(false));
  }

  return (
    <Button size="small" disabled={busy} onClick={describe}>
      {isThere ? "Write a new one" : "Write one from the facts"}
    </Button>
  );
}
