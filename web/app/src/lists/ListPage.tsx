// The page of a module's records: how many there are, what begins another one, what narrows them. Below that, the records.

import Box from "@mui/material/Box";
import type { ReactNode } from "react";
import { Filters } from "../modules/Filters";
import { type Module, type Stats, totalOf } from "../modules/modules";
import { Page } from "../ui/layout";
import { plural } from "../ui/words";
import type { ListSearch } from "../urls";
import { ListMenu } from "./ListMenu";
import { NewButton } from "./NewButton";

interface Props {
  module: Module;
  search: ListSearch;
  stats: Stats | undefined;
  change: (next: ListSearch) => void;
  usual?: string; // the order without another choice
  filters?: ReactNode; // beside those of every list
  actions?: ReactNode;
  menu?: (close: () => void) => ReactNode; // entries of it beside those of every list
  children: ReactNode;
}

export function ListPage({ module, search, stats, change, usual = "Newest first", filters, actions, menu, children }: Props) {
  const total = totalOf(stats);
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
          {actions}
          <ListMenu module={module}>{menu}</ListMenu>
          <NewButton module={module} />
        </>
      }
    >
      <Filters module={module} search={search} counts={stats?.total.counts} change={change} usual={usual} />
      {filters && <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, mt: 1.5, alignItems: "center" }}>{filters}</Box>}
      {children}
    </Page>
  );
}
