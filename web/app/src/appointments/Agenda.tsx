// Day by day, as a list of links: for a phone, and for whoever uses no mouse.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { Link as RouterLink } from "@tanstack/react-router";
import { MapPin, TriangleAlert } from "lucide-react";
import { Suspense, useState } from "react";
import { useNames } from "../modules/data";
import { type CrmRecord, titleOf } from "../modules/modules";
import { Card } from "../ui/layout";
import { part } from "../ui/part";
import { Bars, Empty, Waiting } from "../ui/states";
import { StatusChip } from "../ui/StatusChip";
import { addDays, dayIn } from "../zones";
import { agendaOf } from "./agendaDays";
import { hoursText, timesOf } from "./times";
import { APPOINTMENTS } from "./useMove";
import { rangeOf } from "./views";

const MoveDialog = part(() => import("./MoveDialog"));

interface Props {
  day: string;
  zone: string;
  records: readonly CrmRecord[];
  overlaps: ReadonlyMap<string, readonly CrmRecord[]>;
  waiting: boolean;
  later: () => void;
}

export function Agenda({ day, zone, records, overlaps, waiting, later }: Props) {
  const [moving, setMoving] = useState<CrmRecord>();
  if (waiting) {
    return (
      <Waiting>
        <Bars count={5} height={96} />
      </Waiting>
    );
  }
  const { from, to } = rangeOf("agenda", day);
  const days = agendaOf(records, zone, from, to);
  if (days.length === 0) {
    return (
      <Card>
        <Empty
          title="Nothing is on in these two weeks"
          action={
            <>
              <Button component={RouterLink} to="/appointments/new" variant="contained">
                New appointment
              </Button>
              <Button variant="outlined" onClick={later}>
                Look later
              </Button>
            </>
          }
        >
          Showings, signings and calls of you and your team stand here, day by day.
        </Empty>
      </Card>
    );
  }
  const today = dayIn(new Date(), zone);
  return (
    <Box sx={{ display: "grid", gap: 2 }}>
      {days.map(([each, on]) => (
        <Card key={each} title={dayTitle(each, today)} flush>
          <Box component="ul" aria-label={dayTitle(each, today)} sx={{ m: 0, p: 0, listStyle: "none" }}>
            {on.map((record) => (
              <Row key={record.id} record={record} zone={zone} others={overlaps.get(record.id) ?? []} move={() => setMoving(record)} />
            ))}
          </Box>
        </Card>
      ))}
      <Suspense>{moving && <MoveDialog record={moving} zone={zone} close={() => setMoving(undefined)} />}</Suspense>
    </Box>
  );
}

const long = new Intl.DateTimeFormat("en-US", { weekday: "long", month: "long", day: "numeric", timeZone: "UTC" });

function dayTitle(day: string, today: string): string {
  const name = long.format(new Date(`${day}T00:00Z`));
  if (day === today) return `Today, ${name}`;
  return day === addDays(today, 1) ? `Tomorrow, ${name}` : name;
}

interface RowProps {
  record: CrmRecord;
  zone: string;
  others: readonly CrmRecord[];
  move: () => void;
}

function Row({ record, zone, others, move }: RowProps) {
  const named = useNames();
  const title = titleOf(APPOINTMENTS, record);
  const location = record["location"];
  return (
    <Box
      component="li"
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "minmax(0, 1fr) auto", sm: "200px minmax(0, 1fr) auto auto" },
        alignItems: "center",
        columnGap: 2,
        rowGap: 0.25,
        minHeight: 56,
        px: 2,
        py: 1,
        borderTop: 1,
        borderColor: "divider",
      }}
    >
      <Typography variant="body2" color="textSecondary" sx={{ gridColumn: { xs: "1", sm: "auto" } }}>
        {hoursText(timesOf(record), zone)}
      </Typography>
      <Box sx={{ minWidth: 0, gridRow: { xs: 2, sm: "auto" }, gridColumn: { xs: "1 / -1", sm: "auto" } }}>
        <Link component={RouterLink} to={`/appointments/${record.id}`} color="textPrimary" sx={{ fontWeight: 500, overflowWrap: "anywhere" }}>
          {title}
        </Link>
        <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: "anywhere" }}>
          {typeof location === "string" && location && (
            <>
              <MapPin size={12} aria-label="at" /> {location} ·{" "}
            </>
          )}
          {named(record.ownerId)}
        </Typography>
        {others.length > 0 && (
          <Typography variant="body2" sx={{ color: "warning.main" }}>
            <TriangleAlert size={12} aria-hidden /> Overlaps {others.map((other) => titleOf(APPOINTMENTS, other)).join(", ")}
          </Typography>
        )}
      </Box>
      <Box sx={{ gridRow: { xs: 1, sm: "auto" }, gridColumn: { xs: 2, sm: "auto" } }}>
        <StatusChip status={record.status} />
      </Box>
      {record.can.includes("edit") && (
        <Box sx={{ gridColumn: { xs: "1 / -1", sm: "auto" } }}>
          <Button onClick={move} aria-label={`Move ${title}`} sx={{ px: { xs: 0, sm: 1.75 }, minWidth: 0 }}>
            Move
          </Button>
        </Box>
      )}
    </Box>
  );
}
