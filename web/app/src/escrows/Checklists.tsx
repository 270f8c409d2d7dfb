import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useWrite } from "../modules/data";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { CheckBox } from "../ui/CheckBox";
import { Card } from "../ui/layout";
import { Progress } from "../ui/Progress";
import { words } from "../ui/words";
import { progressOf, wholeProgress } from "./checklists";
import { inOrder } from "../modules/items";
import { ESCROWS, type Escrow, LISTS, type ListName } from "./escrow";
import { usualSteps } from "./templates";

interface Props {
  escrow: Escrow;
  tick: (path: readonly string[], done: boolean) => void;
}

export function Checklists({ escrow, tick }: Props) {
  return (
    <Card title="Checklists" action={<Progress {...wholeProgress(escrow)} label="All checklists" width={96} />}>
      <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 208px), 1fr))" }}>
        {LISTS.map((list) => (
          <OneList key={list} escrow={escrow} list={list} tick={tick} />
        ))}
      </Box>
    </Card>
  );
}

function OneList({ escrow, list, tick }: Props & { list: ListName }) {
  const items = inOrder(escrow.checklists?.[list]);
  const mayEdit = escrow.can.includes("edit");
  return (
    <section aria-label={words(list)}>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1, mb: 0.5 }}>
        <Typography component="h3" variant="body2" sx={{ fontWeight: 600, flex: 1 }}>
          {words(list)}
        </Typography>
        <Progress {...progressOf(escrow.checklists?.[list])} label={words(list)} width={40} />
      </Box>
      <Box component="ul" aria-label={`${words(list)} checklist`} sx={{ m: 0, p: 0, listStyle: "none" }}>
        {items.map(([id, { title, done = false }]) => (
          <Box component="li" key={id}>
            <CheckBox checked={done} disabled={!mayEdit} change={(now) => tick(["checklists", list, id], now)}>
              {title}
            </CheckBox>
          </Box>
        ))}
      </Box>
      {items.length === 0 && (mayEdit ? <Usual escrow={escrow} list={list} /> : <Typography color="textSecondary">Nothing on it yet.</Typography>)}
    </section>
  );
}

/** Begins an empty list with what is usual. */
function Usual({ escrow, list }: { escrow: Escrow; list: ListName }) {
  const write = useWrite(ESCROWS);
  const announce = useAnnounce();
  const why = useWhy();

  function begin(): void {
    const path = `/${escrow.id}`;
    const steps = usualSteps(list);
    const none = Object.fromEntries(Object.keys(steps).map((id) => [id, null]));
    write.mutate(
      { method: "PATCH", path, body: { checklists: { [list]: steps } }, version: escrow.version },
      {
        onSuccess: () =>
          announce(`The ${list} checklist has begun`, () => write.mutate({ method: "PATCH", path, body: { checklists: { [list]: none } } })),
        onError: (error) => announce(why(error)),
      },
    );
  }

  return (
    <Button variant="outlined" size="small" onClick={begin} disabled={write.isPending}>
      Begin with the usual steps
    </Button>
  );
}
