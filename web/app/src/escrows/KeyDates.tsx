import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { Link as RouterLink } from "@tanstack/react-router";
import { useWrite } from "../modules/data";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { CheckBox } from "../ui/CheckBox";
import { Card } from "../ui/layout";
import { Chip, Dot } from "../ui/StatusChip";
import { Days } from "../ui/Days";
import { dayOf, dayText, daysUntil } from "../ui/words";
import { ESCROWS, type Escrow, isOpen } from "./escrow";
import { type KeyDate, keyDatesOf, urgency } from "./keyDates";
import { deadlines, hasDeadlines } from "./templates";

interface Props {
  escrow: Escrow;
  tick: (path: readonly string[], done: boolean) => void;
}

export function KeyDates({ escrow, tick }: Props) {
  const now = new Date();
  const dates = keyDatesOf(escrow, dayOf(now));
  const mayEdit = escrow.can.includes("edit");
  const bare = !Object.keys(escrow.timeline ?? {}).length;
  return (
    <Card
      title="Key dates"
      action={
        mayEdit && (
          <Button size="small" component={RouterLink} to={`/${ESCROWS.path}/${escrow.id}/timeline`}>
            Timeline from agreement
          </Button>
        )
      }
    >
      {dates.length === 0 && <Typography color="textSecondary">No date is set yet. Edit the escrow to set when it closes.</Typography>}
      <Box component="ol" aria-label="Key dates" sx={{ m: 0, p: 0, listStyle: "none" }}>
        {dates.map((date, at) => (
          <OneDate key={date.id} date={date} now={now} live={isOpen(escrow)} last={at === dates.length - 1}>
            {date.milestone && (
              <Box component="span" sx={{ my: "-5px" }}>
                <CheckBox checked={date.done} disabled={!mayEdit} label={date.title} change={(done) => tick(["timeline", date.id], done)} />
              </Box>
            )}
          </OneDate>
        ))}
      </Box>
      {bare && mayEdit && isOpen(escrow) && <Suggest escrow={escrow} />}
    </Card>
  );
}

interface OneProps {
  date: KeyDate;
  now: Date;
  live: boolean;
  last: boolean;
  children: React.ReactNode;
}

function OneDate({ date, now, live, last, children }: OneProps) {
  const { title, day, done } = date;
  const tone = done ? "accent" : live ? urgency(daysUntil(day, now)) : "quiet";
  return (
    <Box component="li" sx={{ display: "flex", gap: 1.5, minHeight: 44 }}>
      <Box aria-hidden sx={{ display: "grid", justifyItems: "center", gridTemplateRows: "auto 1fr", pt: "7px" }}>
        <Dot tone={tone} size={10} />
        {!last && <Box sx={{ width: 2, mt: "3px", bgcolor: "divider" }} />}
      </Box>
      <Box sx={{ flex: 1, minWidth: 0, display: "flex", alignItems: "flex-start", gap: 1, pb: 1, pt: "3px" }}>
        {children}
        <Box sx={{ flex: 1, minWidth: 0, display: "flex", flexWrap: "wrap", alignItems: "baseline", columnGap: 1 }}>
        <Typography component="span" sx={{ fontWeight: 500, color: done ? "text.secondary" : "text.primary", overflowWrap: "anywhere" }}>
          {title}
        </Typography>
        <Typography component="time" dateTime={day} variant="body2" color="textSecondary" sx={{ whiteSpace: "nowrap" }}>
          {dayText(day)}
        </Typography>
        </Box>
        {done ? <Chip tone="accent">Done</Chip> : live && <Days day={day} now={now} />}
      </Box>
    </Box>
  );
}

/** Offers the deadlines of the state's contract where there are none yet. */
function Suggest({ escrow }: { escrow: Escrow }) {
  const write = useWrite(ESCROWS);
  const announce = useAnnounce();
  const why = useWhy();
  const { openedDate, state } = escrow;
  if (!openedDate || !hasDeadlines(state)) return null;

  function add(accepted: string): void {
    const path = `/${escrow.id}`;
    const timeline = deadlines(accepted);
    const none = Object.fromEntries(Object.keys(timeline).map((id) => [id, null]));
    write.mutate(
      { method: "PATCH", path, body: { timeline }, version: escrow.version },
      {
        onSuccess: () => announce("The contract's deadlines are set", () => write.mutate({ method: "PATCH", path, body: { timeline: none } })),
        onError: (error) => announce(why(error)),
      },
    );
  }

  return (
    <Box sx={{ mt: 1 }}>
      <Button variant="outlined" onClick={() => add(openedDate)} disabled={write.isPending}>
        Add the deadlines of California’s contract
      </Button>
    </Box>
  );
}
