// Who has used which power, the latest first. Administrators alone read it.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useApi } from "../api/context";
import type { AuditEntry, AuditPage } from "../contract";
import { BackTo } from "../modules/BackTo";
import { useNames } from "../modules/data";
import { Avatar } from "../ui/Avatar";
import { Card, Page } from "../ui/layout";
import { Bars, Empty, Failed, Waiting } from "../ui/states";
import { detailsOf, sentenceOf } from "./audited";

export default function AuditScreen() {
  const api = useApi();
  const { data, isPending, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ["audit"],
    queryFn: ({ pageParam, signal }) =>
      api.get<AuditPage>(`/directory/audit${pageParam ? `?cursor=${encodeURIComponent(pageParam)}` : ""}`, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.cursor,
    staleTime: 0, // whoever opens it wants to know what has just been done
  });
  const entries = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Page title="Audit trail" narrow above={<BackTo to="/people">People</BackTo>}>
      <Typography color="textSecondary" sx={{ mb: 2 }}>
        Who has changed people and teams, told everybody something, taken over locks, imported, merged or exported. Nobody
        can change it; it is kept for two years.
      </Typography>
      <Card>
        {isPending && (
          <Waiting>
            <Bars count={6} height={44} />
          </Waiting>
        )}
        {error && entries.length === 0 && <Failed error={error} retry={() => void refetch()} />}
        {data && entries.length === 0 && <Empty title="Nothing yet">What administrators do shows here.</Empty>}
        <Box component="ol" aria-label="Audit trail" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 2 }}>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </Box>
      </Card>
      {hasNextPage && (
        <Box sx={{ display: "grid", justifyItems: "center", mt: 2 }}>
          <Button variant="outlined" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
            Show earlier
          </Button>
        </Box>
      )}
    </Page>
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
