// The records of a list, in each state that it can be in, and what can be done with those that are chosen.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { memo, type ReactNode, Suspense, useState } from "react";
import { useList } from "../modules/data";
import type { Module } from "../modules/modules";
import { useSelection } from "../modules/selection";
import { Card } from "../ui/layout";
import { part } from "../ui/part";
import { Bars, Empty, Failed, NothingFound, Waiting } from "../ui/states";
import { isFiltered, type ListSearch } from "../urls";
import { NewButton } from "./NewButton";
import type { Looks } from "./looks";
import type { Tiles } from "./TileList";

const RecordList = part(() => import("./RecordList"));
const TileList = part(() => import("./TileList"));
const BulkBar = part(() => import("../modules/BulkBar"));

interface Props extends Looks {
  module: Module;
  filters: ListSearch;
  clear: () => void; // all filters
  empty?: string; // what one will find here
  tiles?: Tiles; // instead of rows
}

const FIRST = "What you and your team add shows here. You can load many at once from a file, too.";

/** The page around it changes with every figure. */
export const ListBody = memo(function ListBody({ module, filters, clear, empty = FIRST, tiles, ...looks }: Props) {
  const [atTiles, setAtTiles] = useState(false);
  const list = useList(module, filters, { hold: atTiles });
  const { records, hasMore, isFetchingMore, fetchMore } = list;
  const selection = useSelection(records);
  const more = hasMore && !isFetchingMore ? () => void fetchMore() : undefined;
  const waiting = <Waiting>{tiles?.waiting ?? <Rows />}</Waiting>;

  function content(): ReactNode {
    if (list.isPending) return waiting;
    if (list.error && records.length === 0) return <Failed error={list.error} retry={() => void list.refetch()} />;
    if (records.length > 0) {
      const of = JSON.stringify(filters);
      return (
        <Suspense fallback={waiting}>
          {tiles ? (
            <TileList key={of} module={module} records={records} tiles={tiles} more={more} held={list.held} show={list.show} atThem={setAtTiles} />
          ) : (
            <RecordList module={module} records={records} of={of} selection={selection} more={more} {...looks} />
          )}
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
