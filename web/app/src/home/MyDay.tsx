// What is to do: appointments of today, dates of escrows that are due, leads that wait for a first call.

import Link from "@mui/material/Link";
import { Link as RouterLink } from "@tanstack/react-router";
import { ReachIcons } from "../clients/ReachButtons";
import { asEscrow, ESCROWS } from "../escrows/escrow";
import { dueWithin } from "../escrows/keyDates";
import { asLead, LEADS } from "../leads/lead";
import { Age } from "../leads/LeadCard";
import { useGlance } from "../modules/data";
import { moduleAt, titleOf } from "../modules/modules";
import { Days } from "../ui/Days";
import { StatusChip } from "../ui/StatusChip";
import { shortMoney, timeText, words } from "../ui/words";
import { Row, RowCard } from "./Rows";

const APPOINTMENTS = moduleAt("appointments");
const OPEN = 100; // escrows that close next; of more than those the later ones are left out

export function Today({ now }: { now: Date }) {
  const start = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const end = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  const list = useGlance(APPOINTMENTS, {
    from: start.toISOString(),
    to: new Date(end.getTime() - 1).toISOString(),
    sort: "date",
    archived: "false",
    limit: 20,
  });
  const rows = (list.data?.items ?? []).map((record) => (
    <Row
      key={record.id}
      to={`/appointments/${record.id}`}
      before={record["allDay"] ? "All day" : timeText(String(record["startsAt"]))}
      title={titleOf(APPOINTMENTS, record)}
      about={String(record["location"] ?? "")}
      after={<StatusChip status={record.status} />}
    />
  ));
  return <RowCard title="Today" list={list} rows={rows} nothing="No appointments today." action={<All to="/appointments" label="Calendar" />} />;
}

export function DueThisWeek({ now }: { now: Date }) {
  const list = useGlance(ESCROWS, { status: "opened,pending", archived: "false", sort: "date", limit: OPEN });
  const due = dueWithin((list.data?.items ?? []).map(asEscrow), 7, now);
  const rows = due.slice(0, 12).map(({ escrow, id, title, day }) => (
    <Row key={`${escrow.id}-${id}`} to={`/escrows/${escrow.id}`} title={title} about={escrow.propertyAddress} after={<Days day={day} now={now} />} />
  ));
  return (
    <RowCard
      title={due.length > rows.length ? `Key dates this week, the first ${rows.length} of ${due.length}` : "Key dates this week"}
      list={list}
      rows={rows}
      nothing="No escrow has anything due this week."
      action={<All to="/escrows" label="Escrows" />}
    />
  );
}

export function NewLeads() {
  const list = useGlance(LEADS, { status: "new", archived: "false", limit: 6 });
  const rows = (list.data?.items ?? []).map((record) => {
    const lead = asLead(record);
    const about = [lead.source && words(lead.source), lead.budgetCents === undefined ? "" : shortMoney(lead.budgetCents)];
    return (
      <Row
        key={record.id}
        to={`/leads/${record.id}`}
        title={titleOf(LEADS, record)}
        about={about.filter(Boolean).join(" · ")}
        after={
          <>
            <Age lead={lead} />
            <ReachIcons record={record} name={titleOf(LEADS, record)} />
          </>
        }
      />
    );
  });
  return <RowCard title="New leads" list={list} rows={rows} nothing="No lead is waiting for a first call." action={<All to="/leads" label="Board" />} />;
}

function All({ to, label }: { to: string; label: string }) {
  return (
    <Link component={RouterLink} to={to} variant="body2">
      {label}
    </Link>
  );
}
