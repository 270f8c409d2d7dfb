// The list of a module, whatever the module: search, filters, order, all of them in the address.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { Link as RouterLink, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, Suspense, useRef } from "react";
import { Card, Page } from "../ui/layout";
import { Bars, Empty, Failed, NothingFound, Waiting } from "../ui/states";
import { plural } from "../ui/words";
import { cleanSearch, type ListSearch } from "../urls";
import { useList, useStats } from "./data";
import { Filters } from "./Filters";
import { Held, useReading } from "./Held";
import { type CrmRecord, type Module, moduleAt } from "./modules";
import { type Selection, useSelection } from "./selection";

const RecordTable = lazy(async () => ({ default: (await import("./RecordTable")).RecordTable }));
const RecordCards = lazy(async () => ({ default: (await import("./RecordTable")).RecordCards }));
const BulkBar = lazy(() => import("./BulkBar"));

export default function ListScreen() {
  const { module: path } = useParams({ strict: false });
  const module = moduleAt(path ?? "");
  const search = cleanSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const { data: stats } = useStats(module);
  const box = useRef<HTMLDivElement>(null);
  const list = useList(module, search, { hold: useReading(box) });
  const { records } = list;
  const selection = useSelection(records);
  const filtered = Object.keys(search).some((name) => name !== "sort");

  function change(next: ListSearch): void {
    void navigate({ to: `/${module.path}`, search: cleanSearch({ ...next }), replace: true });
  }

  const total = stats && Object.values(stats.total.counts).reduce((sum, count) => sum + count, 0);
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
      <Held count={list.held} show={list.show} />
      <Box ref={box} sx={{ mt: 2 }}>
        <Card flush>
          <Content
            module={module}
            records={records}
            selection={selection}
            waiting={list.isPending}
            error={list.error}
            retry={() => void list.refetch()}
            nothing={
              filtered ? (
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
              ) : (
                <Empty title={`No ${module.path} yet`} action={<NewButton module={module} />}>
                  What you and your team add shows here. You can load many at once from a file, too.
                </Empty>
              )
            }
          />
        </Card>
      </Box>
      <Suspense>{selection.open && <BulkBar module={module} selection={selection} />}</Suspense>
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

interface ContentProps {
  module: Module;
  records: readonly CrmRecord[];
  selection: Selection;
  waiting: boolean;
  error: unknown;
  retry: () => void;
  nothing: React.ReactNode;
}

function Content({ module, records, selection, waiting, error, retry, nothing }: ContentProps) {
  if (waiting) return <Soon />;
  if (error && records.length === 0) return <Failed error={error} retry={retry} />;
  if (records.length === 0) return nothing;
  return (
    <Suspense fallback={<Soon />}>
      <RecordTable module={module} records={records} selection={selection} />
      <RecordCards module={module} records={records} />
    </Suspense>
  );
}

function Soon() {
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
