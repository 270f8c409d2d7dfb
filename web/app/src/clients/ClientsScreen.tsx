import { useNavigate, useSearch } from "@tanstack/react-router";
import { ListBody } from "../lists/ListBody";
import { ListPage } from "../lists/ListPage";
import { useCounts } from "../modules/data";
import { FindDuplicates } from "../tasks/FindDuplicates";
import { FilterField } from "../ui/FilterField";
import { cleanSearch, type ListSearch } from "../urls";
import { CLIENT_LOOKS, CLIENTS } from "./ClientRows";

export default function ClientsScreen() {
  const search = cleanSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const stats = useCounts(CLIENTS);

  function go(next: ListSearch): void {
    void navigate({ to: "/clients", search: cleanSearch({ ...next }), replace: true });
  }

  return (
    <ListPage
      module={CLIENTS}
      search={search}
      stats={stats}
      change={go}
      menu={(close) => <FindDuplicates module={CLIENTS} close={close} />}
      filters={
        <>
          <FilterField label="Tag" value={search.tag ?? ""} put={(tag) => go({ ...search, tag })} />
          <FilterField label="City" value={search.city ?? ""} put={(city) => go({ ...search, city })} />
        </>
      }
    >
      <ListBody
        module={CLIENTS}
        filters={search}
        clear={() => go(search.sort ? { sort: search.sort } : {})}
        empty="The people you buy and sell for show here, with everything that is linked to them. A lead that is converted comes here by itself."
        {...CLIENT_LOOKS}
      />
    </ListPage>
  );
}
