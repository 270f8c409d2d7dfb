import { useNavigate, useSearch } from "@tanstack/react-router";
import { RecordList } from "../modules/RecordList";
import { FilterField } from "../ui/FilterField";
import { cleanSearch, type ListSearch } from "../urls";
import { CLIENTS, ClientCards, ClientTable } from "./ClientRows";

export default function ClientsScreen() {
  const search = cleanSearch(useSearch({ strict: false }));
  const navigate = useNavigate();

  function go(next: ListSearch): void {
    void navigate({ to: "/clients", search: cleanSearch({ ...next }), replace: true });
  }

  return (
    <RecordList
      module={CLIENTS}
      search={search}
      change={go}
      empty="The people you buy and sell for show here, with everything that is linked to them. A lead that is converted comes here by itself."
      filters={
        <>
          <FilterField label="Tag" value={search.tag ?? ""} put={(tag) => go({ ...search, tag })} />
          <FilterField label="City" value={search.city ?? ""} put={(city) => go({ ...search, city })} />
        </>
      }
      rows={(records) => (
        <>
          <ClientTable records={records} />
          <ClientCards records={records} />
        </>
      )}
    />
  );
}
