// Records that belong to the one on the page: a card of each kind, empty ones too, so that one sees what could be there.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { Link as RouterLink } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { Card } from "../ui/layout";
import { Bars, Failed, Waiting } from "../ui/states";
import { StatusChip } from "../ui/StatusChip";
import { useGlance, useRecord } from "./data";
import { type CrmRecord, type Module, moduleAt, titleOf } from "./modules";

const MOST = 20;

interface LinkedProps {
  path: string; // of the module of what is linked
  by: Record<string, string>; // the filter, such as `{ clientId }`
  about: (record: CrmRecord) => ReactNode;
  title?: string;
  sort?: string;
  add?: boolean; // offer to make one that is linked so
}

export function Linked({ path, by, about, title, sort = "newest", add = false }: LinkedProps) {
  const module = moduleAt(path);
  const list = useGlance(module, { ...by, archived: "false", sort, limit: MOST });
  const records = list.data?.items ?? [];
  const name = title ?? module.label;
  return (
    <Card
      title={name}
      flush
      action={
        add && (
          <Button
            component={RouterLink}
            to="/$module/new"
            params={{ module: path } as never}
            search={by as never}
            startIcon={<Plus size={15} aria-hidden />}
            aria-label={`New ${module.noun}`}
          >
            New
          </Button>
        )
      }
    >
      {list.isPending && (
        <Waiting>
          <Box sx={{ px: 2, pb: 2 }}>
            <Bars count={2} height={28} />
          </Box>
        </Waiting>
      )}
      {list.error && records.length === 0 && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.data && records.length === 0 && (
        <Typography variant="body2" color="textSecondary" sx={{ px: 2, pb: 2 }}>
          No {name.toLowerCase()} yet.
        </Typography>
      )}
      <Rows label={name}>
        {records.map((record) => (
          <LinkedRow key={record.id} module={module} record={record} about={about} />
        ))}
      </Rows>
      {list.hasMore && (
        <Typography variant="body2" color="textSecondary" sx={{ px: 2, py: 1.5, borderTop: 1, borderColor: "divider" }}>
          These are the first {MOST}.
        </Typography>
      )}
    </Card>
  );
}

/** The same of records that are known by their ids. */
export function LinkedById({ path, ids, about, title }: Pick<LinkedProps, "path" | "about" | "title"> & { ids: readonly string[] }) {
  const module = moduleAt(path);
  const name = title ?? module.label;
  return (
    <Card title={name} flush>
      {ids.length === 0 && (
        <Typography variant="body2" color="textSecondary" sx={{ px: 2, pb: 2 }}>
          No {name.toLowerCase()} yet.
        </Typography>
      )}
      <Rows label={name}>
        {ids.slice(0, MOST).map((id) => (
          <OneLinked key={id} module={module} id={id} about={about} />
        ))}
      </Rows>
    </Card>
  );
}

function OneLinked({ module, id, about }: { module: Module; id: string; about: LinkedProps["about"] }) {
  const { data } = useRecord(module, id);
  return data ? <LinkedRow module={module} record={data} about={about} /> : null; // one that may not be seen, or is gone
}

function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Box component="ul" aria-label={label} sx={{ m: 0, p: 0, listStyle: "none" }}>
      {children}
    </Box>
  );
}

function LinkedRow({ module, record, about }: { module: Module; record: CrmRecord; about: LinkedProps["about"] }) {
  return (
    <Box
      component="li"
      sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 1.5, minHeight: 44, px: 2, py: 0.75, borderTop: 1, borderColor: "divider" }}
    >
      <Link
        component={RouterLink}
        to={`/${module.path}/${record.id}`}
        color="textPrimary"
        sx={{ flex: "1 1 160px", minWidth: 0, fontWeight: 500, overflowWrap: "anywhere" }}
      >
        {titleOf(module, record)}
      </Link>
      <Typography component="span" variant="body2" color="textSecondary">
        {about(record)}
      </Typography>
      <StatusChip status={record.status} />
    </Box>
  );
}
