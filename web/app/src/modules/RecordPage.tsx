// What is around a record's own page, whatever stands on it: its title, what may be done with it, what the server warns of.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { Link as RouterLink, useNavigate } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { type ReactNode, Suspense } from "react";
import { useRecordLock } from "../together/useRecordLock";
import { Viewers } from "../together/Viewers";
import { WithViewers } from "../together/ViewersContext";
import { Card, Page } from "../ui/layout";
import { Fact, Facts } from "../ui/Facts";
import { part } from "../ui/part";
import { Failed } from "../ui/states";
import { Chip, StatusChip } from "../ui/StatusChip";
import { dayOf, dayText } from "../ui/words";
import { BackTo } from "./BackTo";
import { useNames, useRecord } from "./data";
import { History } from "./History";
import { type CrmRecord, type Module, titleOf } from "./modules";
import { RecordActions, StatusMenu } from "./RecordActions";
import { RecordSkeleton } from "./RecordSkeleton";

const RecordLock = part(() => import("../together/RecordLock"));

/** Loads it, and shows the page of what was found. */
export function WithRecord({ module, id, children }: { module: Module; id: string; children: (record: CrmRecord) => ReactNode }) {
  const record = useRecord(module, id);
  if (record.data) return children(record.data);
  return record.isPending ? <RecordSkeleton /> : <Failed error={record.error} retry={() => void record.refetch()} />;
}

interface Props {
  module: Module;
  record: CrmRecord;
  about?: ReactNode;
  actions?: ReactNode; // before those that every record has
  notices?: ReactNode;
  children: ReactNode; // the wide column
  aside?: ReactNode; // the narrow one, above who owns it and what happened
}

export function RecordPage({ module, record, about, actions, notices, children, aside }: Props) {
  const navigate = useNavigate();
  const mayEdit = record.can.includes("edit");
  const lock = useRecordLock(module, record.id);
  const locked = lock.status === "locked"; // and not by this tab, which may be about to give it back
  return (
    <WithViewers noun={module.noun} id={record.id}>
      <Page
        title={titleOf(module, record)}
        above={<BackTo to={`/${module.path}`}>{module.label}</BackTo>}
        about={
          <>
            <StatusChip status={record.status} />
            {record.archived && <Chip tone="quiet">Archived</Chip>}
            {about}
            <Viewers module={module} />
          </>
        }
        actions={
          <>
            {actions}
            {mayEdit && <StatusMenu module={module} record={record} />}
            {mayEdit && !locked && (
              <Button
                component={RouterLink}
                to={`/${module.path}/${record.id}/edit`}
                variant="contained"
                startIcon={<Pencil size={15} aria-hidden />}
              >
                Edit
              </Button>
            )}
            <RecordActions module={module} record={record} gone={() => void navigate({ to: `/${module.path}` })} />
          </>
        }
      >
        <Suspense>{locked && <RecordLock module={module} record={record} lock={lock} />}</Suspense>
        {!mayEdit && (
          <Alert severity="info" sx={{ mb: 2 }}>
            You can read this {module.noun}. Its owner, or a lead of its team, can change it.
          </Alert>
        )}
        {record.warnings?.map(({ field, message }) => (
          <Alert key={field + message} severity="warning" sx={{ mb: 2 }}>
            {`${module.fields[field]?.label ?? field} ${message}.`}
          </Alert>
        ))}
        {notices}
        <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "minmax(0, 1fr) 380px" }, alignItems: "start" }}>
          <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>{children}</Box>
          <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>
            {aside}
            <About record={record} />
            <History module={module} id={record.id} />
          </Box>
        </Box>
      </Page>
    </WithViewers>
  );
}

const SEEN_BY: Record<string, string> = { private: "Its owner alone", team: "The team", broker: "The whole brokerage" };

function About({ record }: { record: CrmRecord }) {
  const named = useNames();
  return (
    <Card title="About">
      <Facts>
        <Fact label="Owner">{named(record.ownerId)}</Fact>
        <Fact label="Seen by">{SEEN_BY[record.visibility] ?? record.visibility}</Fact>
        <Fact label="Added">{`${dayText(dayOf(new Date(record.createdAt)))} by ${named(record.createdBy)}`}</Fact>
      </Facts>
    </Card>
  );
}
