// The page of a module that has both a table and a board: search, filters, order and view all stand in the address.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { Link as RouterLink, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import type { ListColumn } from "../lists/RecordList";
import { useList } from "../modules/data";
import { Filters } from "../modules/Filters";
import { useSelection } from "../modules/selection";
import type { CrmRecord, Module, Stats } from "../modules/modules";
import { Card, Page } from "../ui/layout";
import { Bars, Empty, Failed, NothingFound, Waiting } from "../ui/states";
import { plural } from "../ui/words";
import type { ListSearch } from "../urls";
import { isFiltered, listPart, type View, type ViewSearch, viewSearch } from "./search";
import { ViewSwitch } from "./ViewSwitch";

const RecordList = lazy(() => import("../lists/RecordList"));
const BulkBar = lazy(() => import("../modules/BulkBar"));

interface Shown {
  filters: ListSearch;
  column: string | undefined;
  choose: (column: string) => void;
}

interface Props {
  module: Module;
  first: View;
  stats: Stats | undefined;
  columns: readonly ListColumn[];
  card: (record: CrmRecord) => ReactNode;
  board: (shown: Shown) => ReactNode;
}

export function DeskScreen({ module, first, stats, columns, card, board }: Props) {
  const search = viewSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const view = search.view ?? first;
  const total = stats && Object.values(stats.total.counts).reduce((sum, count) => sum + count, 0);
  const none = total === 0 && stats?.total.archived === 0;

  function go(next: ViewSearch): void {
    void navigate({ to: `/${module.path}`, search: viewSearch({ ...next }) as never, replace: true });
  }

  const { view: _view, ...inView } = search;
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
      actions={
        <>
          <ViewSwitch view={view} choose={(chosen) => go(chosen === first ? inView : { ...inView, view: chosen })} />
          <NewButton module={module} />
        </>
      }
    >
      <Filters module={module} search={search} stats={stats} change={(next) => go(next)} usual={view === "board" && module.listed.date ? "Next date first" : "Newest first"} />
      {view === "board" && !none ? (
        <Box sx={{ mt: 2 }}>{board({ filters: listPart(search), column: search.column, choose: (column) => go({ ...search, column }) })}</Box>
      ) : (
        <Listed module={module} search={search} columns={columns} card={card} clear={() => go(search.view ? { view: search.view } : {})} />
      )}
    </Page>
  );
}

interface ListedProps extends Pick<Props, "module" | "columns" | "card"> {
  search: ViewSearch;
  clear: () => void;
}

function Listed({ module, search, columns, card, clear }: ListedProps) {
  const filters = listPart(search);
  const list = useList(module, filters);
  const pages = list.data?.pages;
  const records = useMemo(() => pages?.flatMap(({ items }) => items) ?? [], [pages]);
  const selection = useSelection(records);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined;
  return (
    <>
      <Card flush sx={{ mt: 2 }}>
        {content()}
      </Card>
      <Suspense>{selection.open && <BulkBar module={module} selection={selection} />}</Suspense>
    </>
  );

  function content(): ReactNode {
    if (list.isPending) return <Skeleton />;
    if (list.error && records.length === 0) return <Failed error={list.error} retry={() => void list.refetch()} />;
    if (records.length === 0) {
      return isFiltered(search) ? (
        <NothingFound
          title={`No ${module.noun} fits`}
          action={
            <Button variant="outlined" onClick={clear}>
              Clear all filters
            </Button>
          }
        >
          Try fewer filters, or another word.
        </NothingFound>
      ) : (
        <Empty title={`No ${module.path} yet`} action={<NewButton module={module} />}>
          What you and your team add shows here. You can load many at once from a file, too.
        </Empty>
      );
    }
    return (
      <Suspense fallback={<Skeleton />}>
        <RecordList module={module} records={records} of={JSON.stringify(filters)} columns={columns} card={card} selection={selection} more={more} />
      </Suspense>
    );
  }
}

function Skeleton() {
  return (
    <Waiting>
      <Box sx={{ p: 2 }}>
        <Bars count={10} height={28} />
      </Box>
    </Waiting>
  );
}

function NewButton({ module }: { module: Module }) {
  return (
    <Button component={RouterLink} to={`/${module.path}/new`} variant="contained" startIcon={<Plus size={16} aria-hidden />}>
      New {module.noun}
    </Button>
  );
}
