// The records of a list, in each state that it can be in, and what can be done with those that are chosen.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { lazy, memo, type ReactNode, Suspense } from "react";
import { useList } from "../modules/data";
import type { CrmRecord, Module } from "../modules/modules";
import { useSelection } from "../modules/selection";
import { Card } from "../ui/layout";
import { Bars, Empty, Failed, NothingFound, Waiting } from "../ui/states";
import { isFiltered, type ListSearch } from "../urls";
import { NewButton } from "./NewButton";
import type { Looks } from "./RecordList";

const RecordList = lazy(() => import("./RecordList"));
const BulkBar = lazy(() => import("../modules/BulkBar"));

interface Props extends Looks {
  module: Module;
  filters: ListSearch;
  clear: () => void; // all filters
  empty?: string; // what one will find here
  tiles?: Tiles; // instead of rows
}

/** Records that are no rows: pictures beside each other, which scroll with the page. */
export interface Tiles {
  readonly of: (records: readonly CrmRecord[]) => ReactNode;
  readonly waiting: ReactNode;
}

const FIRST = "What you and your team add shows here. You can load many at once from a file, too.";

/** The page around it changes with every figure. */
export const ListBody = memo(function ListBody({ module, filters, clear, empty = FIRST, tiles, ...looks }: Props) {
  const list = useList(module, filters);
  const { records, hasMore, isFetchingMore, fetchMore } = list;
  const selection = useSelection(records);
  const more = hasMore && !isFetchingMore ? () => void fetchMore() : undefined;
  const waiting = <Waiting>{tiles?.waiting ?? <Rows />}</Waiting>;

  function content(): ReactNode {
    if (list.isPending) return waiting;
    if (list.error && records.length === 0) return <Failed error={list.error} retry={() => void list.refetch()} />;
    if (records.length > 0) {
      const of = JSON.stringify(filters);
      return tiles ? (
        tiles.of(records)
      ) : (
        <Suspense fallback={waiting}>
          <RecordList module={module} records={records} of={of} selection={selection} more={more} {...looks} />
        </Suspense>
      );
    }
    if (!isFiltered(filters)) {
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
          <Button variant="outlined" onClick={clear}>
            Clear all filters
          </Button>
        }
      >
        Try fewer filters, or another word.
      </NothingFound>
    );
  }

  return (
    <>
      {tiles && records.length > 0 ? (
        <Box sx={{ mt: 2 }}>{content()}</Box>
      ) : (
        <Card flush sx={{ mt: 2 }}>
          {content()}
        </Card>
      )}
      <Suspense>{selection.open && <BulkBar module={module} selection={selection} />}</Suspense>
      {tiles && hasMore && (
        <Box sx={{ display: "grid", justifyItems: "center", mt: 2 }}>
          <Button variant="outlined" disabled={isFetchingMore} onClick={more}>
            Show more
          </Button>
        </Box>
      )}
    </>
  );
});

function Rows() {
  return (
    <Box sx={{ p: 2 }}>
      <Bars count={10} height={28} />
    </Box>
  );
}
