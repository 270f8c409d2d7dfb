// Who has used which power, the latest first. Administrators alone read it.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../api/context";
import type { AuditEntry, AuditPage } from "../contract";
import { BackTo } from "../modules/BackTo";
import { useNames } from "../modules/data";
import { Avatar } from "../ui/Avatar";
import { Card, Page } from "../ui/layout";
import { Bars, Failed, Waiting } from "../ui/states";
import { detailsOf, sentenceOf } from "./audited";

export default function AuditScreen() {
  const [cursors, setCursors] = useState<readonly string[]>([""]);
  return (
    <Page title="Audit trail" narrow above={<BackTo to="/people">People</BackTo>}>
      <Typography color="textSecondary" sx={{ mb: 2 }}>
        Who has changed people and teams, told everybody something, taken over locks, imported, merged or exported. Nobody
        can change it; it is kept for two years.
      </Typography>
      <Card>
        <Box component="ol" aria-label="Audit trail" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 2 }}>
          {cursors.map((cursor, index) => (
            <Part
              key={cursor}
              cursor={cursor}
              more={index === cursors.length - 1 ? (next) => setCursors([...cursors, next]) : undefined}
            />
          ))}
        </Box>
      </Card>
    </Page>
  );
}

/** One page of it. `more` shows the one before, if this is the last that is shown. */
function Part({ cursor, more }: { cursor: string; more: ((cursor: string) => void) | undefined }) {
  const api = useApi();
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ["audit", cursor],
    queryFn: ({ signal }) => api.get<AuditPage>(`/directory/audit${cursor && `?cursor=${encodeURIComponent(cursor)}`}`, { signal }),
    staleTime: 0, // whoever opens it wants to know what has just been done
  });
  const next = data?.cursor;
  return (
    <>
      {isPending && (
        <li>
          <Waiting>
            <Bars count={6} height={44} />
          </Waiting>
        </li>
      )}
      {error && !data && (
        <li>
          <Failed error={error} retry={() => void refetch()} />
        </li>
      )}
      {data?.items.map((entry) => (
        <Entry key={entry.id} entry={entry} />
      ))}
      {next && more && (
        <Box component="li" sx={{ display: "grid", justifyItems: "center" }}>
          <Button variant="outlined" onClick={() => more(next)}>
            Show earlier
          </Button>
        </Box>
      )}
    </>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const named = useNames();
  const details = detailsOf(entry);
  const by = entry.byName || named(entry.by);
  return (
    <Box component="li" sx={{ display: "flex", gap: 1.5 }}>
      <Avatar name={by} size={28} />
      <Box sx={{ minWidth: 0 }}>
        <Typography sx={{ overflowWrap: "anywhere" }}>
          <strong>{by}</strong> {sentenceOf(entry, named)}
        </Typography>
        {details.length > 0 && (
          <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: "anywhere" }}>
            {details.join(" · ")}
          </Typography>
        )}
        <Typography variant="caption" color="textSecondary">
          <time dateTime={entry.at}>{new Date(entry.at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}</time>
        </Typography>
      </Box>
    </Box>
  );
}
