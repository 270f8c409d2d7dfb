// The page of a module that has both a table and a board: search, filters, order and view all stand in the address.

import Box from "@mui/material/Box";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo } from "react";
import { ListBody } from "../lists/ListBody";
import { ListPage } from "../lists/ListPage";
import type { Looks } from "../lists/looks";
import { type Module, type Stats, totalOf } from "../modules/modules";
import type { ListSearch } from "../urls";
import { listPart, type View, type ViewSearch, viewSearch } from "./search";
import { ViewSwitch } from "./ViewSwitch";

interface Shown {
  filters: ListSearch;
  column: string | undefined;
  choose: (column: string) => void;
}

interface Props extends Looks {
  module: Module;
  first: View;
  stats: Stats | undefined;
  board: (shown: Shown) => ReactNode;
  menu?: (close: () => void) => ReactNode;
}

export function DeskScreen({ module, first, stats, board, menu, ...looks }: Props) {
  const asked = useSearch({ strict: false });
  const search = useMemo(() => viewSearch(asked), [asked]);
  const filters = useMemo(() => listPart(search), [search]);
  const navigate = useNavigate();
  const view = search.view ?? first;
  const none = totalOf(stats) === 0 && stats?.total.archived === 0;

  const go = useCallback(
    (next: ViewSearch) => void navigate({ to: `/${module.path}`, search: viewSearch({ ...next }) as never, replace: true }),
    [navigate, module],
  );
  const clear = useCallback(() => go(search.view ? { view: search.view } : {}), [go, search.view]);

  const { view: _view, ...inView } = search;
  return (
    <ListPage
      module={module}
      search={search}
      stats={stats}
      change={go}
      {...(menu && { menu })}
      usual={view === "board" && module.listed.date ? "Next date first" : "Newest first"}
      actions={<ViewSwitch view={view} choose={(chosen) => go(chosen === first ? inView : { ...inView, view: chosen })} />}
    >
      {view === "board" && !none ? (
        <Box sx={{ mt: 2 }}>{board({ filters, column: search.column, choose: (column) => go({ ...search, column }) })}</Box>
      ) : (
        <ListBody module={module} filters={filters} clear={clear} {...looks} />
      )}
    </ListPage>
  );
}
