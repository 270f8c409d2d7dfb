// The calendar of the office: what is on, whose it is, where it collides.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import LinearProgress from "@mui/material/LinearProgress";
import IconButton from "@mui/material/IconButton";
import MenuItem from "@mui/material/MenuItem";
import { useTheme } from "@mui/material/styles";
import { LateTextField } from "../ui/LateTextField";
import Typography from "@mui/material/Typography";
import useMediaQuery from "@mui/material/useMediaQuery";
import { Link as RouterLink, useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Plus } from "lucide-react";
import { Suspense, useMemo } from "react";
import { usePerson } from "../api/context";
import { ListMenu } from "../lists/ListMenu";
import { useRoster } from "../modules/data";
import { moduleAt } from "../modules/modules";
import { useOwnZone } from "../ownZone";
import { Page } from "../ui/layout";
import { Segments } from "../ui/Segments";
import { part } from "../ui/part";
import { Bars, Failed, Waiting } from "../ui/states";
import { plural, words } from "../ui/words";
import { addDays, dayIn, zoneName } from "../zones";
import { Agenda } from "./Agenda";
import { overlapsOf } from "./overlaps";
import { MOST, useAppointments } from "./useAppointments";
import { type CalendarSearch, calendarSearch, rangeOf, stepFrom, titleOfView, type View, VIEWS } from "./views";

const APPOINTMENTS = moduleAt("appointments");
const CalendarGrid = part(() => import("./CalendarGrid"));

export default function AppointmentsScreen() {
  const search = calendarSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const phone = useMediaQuery(useTheme().breakpoints.down("md"));
  const zone = useOwnZone();
  const now = new Date();
  const today = dayIn(now, zone);
  const view: View = search.view ?? (phone ? "agenda" : "week");
  const day = search.day ?? today;
  const { records, more, waiting, error, refetch } = useAppointments(search, view, day, zone);
  const overlaps = useMemo(() => overlapsOf(records), [records]);

  function change(next: CalendarSearch): void {
    void navigate({ to: "/appointments", search: next });
  }

  const shared = { day, zone, records, overlaps };
  const openDay = (of: string) => change({ ...search, view: "day", day: of });
  return (
    <Page
      title="Appointments"
      about={
        <Box component="span" sx={{ color: "text.secondary" }}>
          {[...new Set([zoneName(zone, now), zone.replaceAll("_", " ")])].join(" · ")}
        </Box>
      }
      actions={
        <>
          <ListMenu module={APPOINTMENTS} />
          <NewAppointment />
        </>
      }
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, alignItems: "center", mb: 2 }}>
        <Box sx={{ display: "flex", alignItems: "center", gap: 0.5 }}>
          <Button variant="outlined" onClick={() => change({ ...search, day: today })}>
            Today
          </Button>
          <IconButton aria-label={`Previous ${NAMES[view]}`} onClick={() => change({ ...search, day: stepFrom(view, day, -1) })}>
            <ChevronLeft size={18} aria-hidden />
          </IconButton>
          <IconButton aria-label={`Next ${NAMES[view]}`} onClick={() => change({ ...search, day: stepFrom(view, day, 1) })}>
            <ChevronRight size={18} aria-hidden />
          </IconButton>
        </Box>
        <Typography variant="h3" component="h2" aria-live="polite" sx={{ flex: "1 1 160px" }}>
          {titleOfView(view, day)}
        </Typography>
        <Whose search={search} change={change} />
        <Segments
          label="View"
          value={view}
          choices={VIEWS.map((each) => [each, words(each)] as const)}
          choose={(next) => change({ ...search, view: next })}
        />
      </Box>
      <Overlapping count={overlaps.size} view={view} seeAll={() => change({ ...search, view: "agenda", day: rangeOf(view, day).from })} />
      {more && (
        <Alert severity="info" sx={{ mb: 2 }}>
          {`Here are the first ${MOST} appointments. Choose one person, or fewer days, to see the others.`}
        </Alert>
      )}
      {error && records.length === 0 ? (
        <Failed error={error} retry={refetch} />
      ) : view === "agenda" ? (
        <Agenda {...shared} waiting={waiting} later={() => change({ ...search, day: addDays(rangeOf(view, day).to, 1) })} />
      ) : (
        <Suspense fallback={<GridSkeleton />}>
          {waiting && (
            <Waiting>
              <LinearProgress aria-label="Loading" />
            </Waiting>
          )}
          <CalendarGrid {...shared} view={view} openDay={openDay} />
        </Suspense>
      )}
    </Page>
  );
}

const NAMES: Record<View, string> = { month: "month", week: "week", day: "day", agenda: "two weeks" };

function GridSkeleton() {
  return (
    <Waiting>
      <Bars count={1} height={520} />
    </Waiting>
  );
}

function NewAppointment() {
  return (
    <Button component={RouterLink} to="/appointments/new" variant="contained" startIcon={<Plus size={16} aria-hidden />}>
      New appointment
    </Button>
  );
}

function Overlapping({ count, view, seeAll }: { count: number; view: View; seeAll: () => void }) {
  if (count === 0) return null;
  return (
    <Alert
      severity="warning"
      sx={{ mb: 2 }}
      action={
        view === "agenda" ? undefined : (
          <Button color="inherit" onClick={seeAll}>
            See them
          </Button>
        )
      }
    >
      {`${plural(count, "appointment")} here ${count === 1 ? "overlaps" : "overlap"} another of the same person.`}
    </Alert>
  );
}

function Whose({ search, change }: { search: CalendarSearch; change: (next: CalendarSearch) => void }) {
  const me = usePerson();
  const { data } = useRoster();
  const others = data?.users.filter(({ userId }) => userId !== me.id) ?? [];
  const { owner, ...rest } = search;
  return (
    <LateTextField
      select
      label="Whose"
      value={owner ?? ""}
      onChange={(event) => change(event.target.value ? { ...rest, owner: event.target.value } : rest)}
      sx={{ width: 168 }}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      <MenuItem value="">Everybody's</MenuItem>
      <MenuItem value={me.id}>Mine</MenuItem>
      {others.map(({ userId, name }) => (
        <MenuItem key={userId} value={userId}>
          {name}
        </MenuItem>
      ))}
      {owner && owner !== me.id && !others.some(({ userId }) => userId === owner) && <MenuItem value={owner}>Somebody's</MenuItem>}
    </LateTextField>
  );
}
