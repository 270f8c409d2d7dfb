import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import { Link as RouterLink, useParams } from "@tanstack/react-router";
import { CalendarClock } from "lucide-react";
import { Suspense, useMemo, useState } from "react";
import { useNames } from "../modules/data";
import { type CrmRecord, titleOf } from "../modules/modules";
import { NotesCard } from "../modules/NotesCard";
import { RecordPage, WithRecord } from "../modules/RecordPage";
import { Value } from "../modules/values";
import { useOwnZone } from "../ownZone";
import { TypingHint } from "../together/TypingHint";
import { Fact, Facts } from "../ui/Facts";
import { Card } from "../ui/layout";
import { part } from "../ui/part";
import { overlapsOf } from "./overlaps";
import { daysOf, timesOf, whenText } from "./times";
import { APPOINTMENTS } from "./useMove";
import { useAppointments } from "./useAppointments";

const MoveDialog = part(() => import("./MoveDialog"));

export default function AppointmentScreen() {
  const { id = "" } = useParams({ strict: false });
  return (
    <WithRecord key={id} module={APPOINTMENTS} id={id}>
      {(record) => <Appointment record={record} />}
    </WithRecord>
  );
}

function Appointment({ record }: { record: CrmRecord }) {
  const [moving, setMoving] = useState(false);
  const zone = useOwnZone();
  const named = useNames();
  const times = timesOf(record);
  const attendees = Object.keys((record["attendeeIds"] as object | undefined) ?? {});
  const linked = (["clientId", "listingId", "leadId"] as const).filter((name) => record[name]);
  const field = (name: string) => APPOINTMENTS.fields[name] ?? { type: "text" as const, label: name };
  return (
    <RecordPage
      module={APPOINTMENTS}
      record={record}
      actions={
        record.can.includes("edit") && (
          <Button variant="outlined" startIcon={<CalendarClock size={15} aria-hidden />} onClick={() => setMoving(true)}>
            Move
          </Button>
        )
      }
      notices={<Overlaps record={record} zone={zone} />}
    >
      <Card title="When and where">
        <Facts>
          <Fact label="When" wide>
            {whenText(times, zone)}
          </Fact>
          <Fact label="By its own clock" wide>
            {times.timeZone && times.timeZone !== zone && !times.allDay && `${whenText(times, times.timeZone)} (${times.timeZone.replaceAll("_", " ")})`}
          </Fact>
          <Fact label="Where" hint={<TypingHint field="location" />} wide>
            {record["location"] as string | undefined}
          </Fact>
          <Fact label="Calendar" wide>
            <Link component={RouterLink} to="/appointments" search={{ day: daysOf(times, zone).first, view: "day" } as never}>
              See that day
            </Link>
          </Fact>
        </Facts>
      </Card>
      <NotesCard module={APPOINTMENTS} field="description" text={record["description"]} />
      <Card title="Who and what">
        <Facts>
          <Fact label="With">{named(record.ownerId)}</Fact>
          <Fact label="Attendees">{attendees.map(named).join(", ")}</Fact>
          {linked.map((name) => (
            <Fact key={name} label={field(name).label}>
              <Value field={field(name)} value={record[name]} />
            </Fact>
          ))}
        </Facts>
      </Card>
      <Suspense>{moving && <MoveDialog record={record} zone={zone} close={() => setMoving(false)} />}</Suspense>
    </RecordPage>
  );
}

/** What else the same people have at that time. */
function Overlaps({ record, zone }: { record: CrmRecord; zone: string }) {
  const { first } = daysOf(timesOf(record), zone);
  const { records } = useAppointments({}, "day", first, zone);
  const others = useMemo(() => overlapsOf(records).get(record.id) ?? [], [records, record.id]);
  if (others.length === 0) return null;
  return (
    <Alert severity="warning" sx={{ mb: 2 }}>
      Overlaps{" "}
      {others.map((other, index) => (
        <span key={other.id}>
          {index > 0 && ", "}
          <Link component={RouterLink} to={`/appointments/${other.id}`} color="inherit" underline="always">
            {titleOf(APPOINTMENTS, other)}
          </Link>{" "}
          ({whenText(timesOf(other), zone)})
        </span>
      ))}
      .
    </Alert>
  );
}
