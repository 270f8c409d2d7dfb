// Month, week and day as a grid to drag in. All that can be done by dragging can be done by a form too.

import Box from "@mui/material/Box";
import FullCalendar, { type CalendarRef, type EventDisplayInfo, type EventInput } from "@fullcalendar/react";
import dayGrid from "@fullcalendar/react/daygrid";
import interaction from "@fullcalendar/react/interaction";
import timeGrid from "@fullcalendar/react/timegrid";
import classic from "@fullcalendar/react/themes/classic";
import "@fullcalendar/react/skeleton.css";
import "@fullcalendar/react/themes/classic/theme.css";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";
import { type CrmRecord, titleOf } from "../modules/modules";
import { useAnnounce } from "../ui/Announcer";
import { toneColour, toneOf } from "../ui/StatusChip";
import { addDays, dayIn } from "../zones";
import { GRID_LOOK } from "./gridLook";
import { EventFace } from "./EventFace";
import { spanOf, type Times, timesOf, wholeDays } from "./times";
import { APPOINTMENTS, useMove } from "./useMove";
import type { View } from "./views";

interface Props {
  view: Exclude<View, "agenda">;
  day: string;
  zone: string;
  records: readonly CrmRecord[];
  overlaps: ReadonlyMap<string, readonly CrmRecord[]>;
  openDay: (day: string) => void;
}

const NAMES = { month: "dayGridMonth", week: "timeGridWeek", day: "timeGridDay" } as const;
const PLUGINS = [dayGrid, timeGrid, interaction, classic];
const MOVABLE = new Set(["scheduled", "confirmed"]);
const HOUR = 3_600_000;

/** Of an event that was dropped or stretched: when it is now. */
function timesNow(event: { allDay: boolean; start: Date | null; end: Date | null; startStr: string; endStr: string }, before: Times, zone: string): Times {
  if (event.allDay) {
    const first = event.startStr.slice(0, 10);
    const last = event.endStr ? addDays(event.endStr.slice(0, 10), -1) : first;
    return wholeDays(first, last, before.timeZone ?? zone);
  }
  const start = event.start ?? new Date(before.startsAt);
  const end = event.end ?? new Date(start.getTime() + HOUR);
  return {
    startsAt: start.toISOString(),
    endsAt: end.toISOString(),
    allDay: false,
    ...(before.timeZone ? { timeZone: before.timeZone } : {}),
  };
}

export default function CalendarGrid({ view, day, zone, records, overlaps, openDay }: Props) {
  const calendar = useRef<CalendarRef>(null);
  const navigate = useNavigate();
  const announce = useAnnounce();
  const move = useMove();
  const events = useMemo(() => records.map((record) => eventOf(record, zone, overlaps)), [records, zone, overlaps]);

  useEffect(() => {
    calendar.current?.getApi().changeView(NAMES[view], day);
  }, [view, day]);

  async function moved(info: { event: Parameters<typeof timesNow>[0] & { id: string }; revert: () => void }): Promise<void> {
    const record = records.find(({ id }) => id === info.event.id);
    if (!record) return info.revert();
    try {
      await move(record, timesNow(info.event, timesOf(record), zone));
    } catch (error) {
      info.revert();
      announce(error instanceof Error ? error.message : "This did not work.");
    }
  }

  function create(start: Date, end: Date, allDay: boolean, days: [string, string]): void {
    const times = allDay ? wholeDays(days[0], addDays(days[1], -1), zone) : { startsAt: start.toISOString(), endsAt: end.toISOString() };
    const search = Object.fromEntries(Object.entries(times).map(([name, value]) => [name, String(value)]));
    void navigate({ to: "/$module/new", params: { module: APPOINTMENTS.path }, search: search as never });
  }

  return (
    <Box sx={GRID_LOOK} aria-label="Calendar" role="region">
      <FullCalendar
        ref={calendar}
        plugins={PLUGINS}
        initialView={NAMES[view]}
        initialDate={day}
        timeZone={zone}
        headerToolbar={false}
        height={view === "month" ? "auto" : "max(480px, calc(100dvh - 232px))"}
        scrollTime="07:30:00"
        nowIndicator
        firstDay={0}
        dayMaxEvents={4}
        eventDisplay="block"
        eventOrder="start,-duration,title"
        slotEventOverlap={false}
        eventMinHeight={22}
        events={events}
        editable
        eventResizableFromStart
        selectable
        selectMirror
        selectMinDistance={6}
        navLinks={view === "month"} // those of a week's headers have a name that is not what one reads there
        navLinkDayClick={(date) => openDay(dayIn(date, zone))}
        eventContent={(info: EventDisplayInfo) => <EventFace info={info} />}
        eventClick={(info) => {
          info.jsEvent.preventDefault();
          void navigate({ to: `/appointments/${info.event.id}` });
        }}
        eventDrop={(info) => void moved(info)}
        eventResize={(info) => void moved(info)}
        select={(info) => create(info.start, info.end, info.allDay, [info.startStr.slice(0, 10), info.endStr.slice(0, 10)])}
      />
    </Box>
  );
}

function eventOf(record: CrmRecord, zone: string, overlaps: Props["overlaps"]): EventInput {
  const tone = toneColour(toneOf(record.status));
  const others = overlaps.get(record.id) ?? [];
  const off = record.status === "cancelled" || record.status === "no_show" || record.archived;
  return {
    id: record.id,
    title: titleOf(APPOINTMENTS, record),
    url: `/appointments/${record.id}`,
    ...spanOf(timesOf(record), zone),
    editable: record.can.includes("edit") && MOVABLE.has(record.status) && !record.archived,
    color: `color-mix(in srgb, ${tone} 13%, var(--mui-palette-background-paper))`,
    contrastColor: "var(--mui-palette-text-primary)",
    extendedProps: { status: record.status, tone, off, overlapping: others.map((other) => titleOf(APPOINTMENTS, other)) },
  };
}
