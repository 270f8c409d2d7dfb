// A list's page around its rows, whatever they look like: title, filters, and each state that a list can be in.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { Link as RouterLink } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { Card, Page } from "../ui/layout";
import { Bars, Empty, Failed, NothingFound, Waiting } from "../ui/states";
import { plural } from "../ui/words";
import type { ListSearch } from "../urls";
import { useList, useStats } from "./data";
import { Filters } from "./Filters";
import type { CrmRecord, Module } from "./modules";

interface Props {
  module: Module;
  search: ListSearch;
  change: (next: ListSearch) => void;
  empty: ReactNode; // what one will find here
  filters?: ReactNode; // beside those of every list
  bare?: boolean; // rows that are cards themselves
  waiting?: ReactNode;
  rows: (records: readonly CrmRecord[]) => ReactNode;
}

export function RecordList({ module, search, change, empty, filters, bare = false, waiting, rows }: Props) {
  const { data: stats } = useStats(module);
  const list = useList(module, search);
  const records = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const filtered = Object.keys(search).some((name) => name !== "sort");
  const total = stats && Object.values(stats.total.counts).reduce((sum, count) => sum + count, 0);

  function content(): ReactNode {
    if (list.isPending) {
      return (
        <Waiting>
          {waiting ?? (
            <Box sx={{ p: 2 }}>
              <Bars count={10} height={28} />
            </Box>
          )}
        </Waiting>
      );
    }
    if (list.error && records.length === 0) return <Failed error={list.error} retry={() => void list.refetch()} />;
    if (records.length > 0) return rows(records);
    if (!filtered) {
      return (
        <Empty title={`No ${module.path} yet`} action={<NewButton module={module} />}>
          {empty}
        </Empty>
      );
    }
    return (
      <NothingFound
        title={`No ${module.noun} fits`}
        action={
          <Button variant="outlined" onClick={() => change(search.sort ? { sort: search.sort } : {})}>
            Clear all filters
          </Button>
        }
      >
        Try fewer filters, or another word.
      </NothingFound>
    );
  }

  const shown = content();
  return (
    <Page
      title={module.label}
      about={
        total !== undefined && (
          <Box component="span" sx={{ color: "text.secondary" }}>
            {plural(total, module.noun)}
          </Box>
        )
      }
      actions={<NewButton module={module} />}
    >
      <Filters module={module} search={search} stats={stats} change={change} />
      {filters && <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, mt: 1.5, alignItems: "center" }}>{filters}</Box>}
      {bare && records.length > 0 ? (
        <Box sx={{ mt: 2 }}>{shown}</Box>
      ) : (
        <Card flush sx={{ mt: 2 }}>
          {shown}
        </Card>
      )}
      {list.hasNextPage && (
        <Box sx={{ display: "grid", justifyItems: "center", mt: 2 }}>
          <Button variant="outlined" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        </Box>
      )}
    </Page>
  );
}

function NewButton({ module }: { module: Module }) {
  return (
    <Button component={RouterLink} to={`/${module.path}/new`} variant="contained" startIcon={<Plus size={16} aria-hidden />}>
      New {module.noun}
    </Button>
  );
}
