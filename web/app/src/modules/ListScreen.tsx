// The list of a module, whatever the module: search, filters, order, all of them in the address.

import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { ListBody } from "../lists/ListBody";
import { ListPage } from "../lists/ListPage";
import { cleanSearch, type ListSearch } from "../urls";
import { columnsFor, RecordCard } from "./columns";
import { useCounts } from "./data";
import { moduleAt } from "./modules";

export default function ListScreen() {
  const { module: path } = useParams({ strict: false });
  const module = moduleAt(path ?? "");
  const search = cleanSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const stats = useCounts(module);
  const columns = useMemo(() => columnsFor(module), [module]);

  function change(next: ListSearch): void {
    void navigate({ to: `/${module.path}`, search: cleanSearch({ ...next }), replace: true });
  }

  return (
    <ListPage module={module} search={search} stats={stats} change={change}>
      <ListBody
        module={module}
        filters={search}
        clear={() => change(search.sort ? { sort: search.sort } : {})}
        columns={columns}
        card={(record) => <RecordCard module={module} record={record} />}
      />
    </ListPage>
  );
}
