import Box from "@mui/material/Box";
import { useTheme } from "@mui/material/styles";
import useMediaQuery from "@mui/material/useMediaQuery";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { LayoutGrid, Rows3 } from "lucide-react";
import { ListBody } from "../lists/ListBody";
import { ListPage } from "../lists/ListPage";
import type { Tiles } from "../lists/TileList";
import { RecordCard } from "../modules/columns";
import { useCounts } from "../modules/data";
import { FilterField } from "../ui/FilterField";
import { Segments } from "../ui/Segments";
import { Bars } from "../ui/states";
import type { ListSearch } from "../urls";
import { ListingCard, LISTINGS, placeOf } from "./ListingCard";
import { LISTING_COLUMNS } from "./looks";
import { listingsSearch } from "./search";

export default function ListingsScreen() {
  const { view, ...search } = listingsSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const stats = useCounts(LISTINGS);
  const phone = useMediaQuery(useTheme().breakpoints.down("md"));
  const table = view === "table" && !phone; // a phone has no room for one

  function go(next: ListSearch, shown = view): void {
    void navigate({ to: "/listings", search: listingsSearch({ ...next, view: shown }), replace: true });
  }

  const put = (name: "city" | "minPriceCents" | "maxPriceCents") => (value: string) => go({ ...search, [name]: value });
  return (
    <ListPage
      module={LISTINGS}
      search={search}
      stats={stats}
      change={(next) => go(next)}
      filters={
        <>
          <FilterField label="City" value={search.city ?? ""} put={put("city")} />
          <FilterField label="Price from" money value={search.minPriceCents ?? ""} put={put("minPriceCents")} />
          <FilterField label="Price to" money value={search.maxPriceCents ?? ""} put={put("maxPriceCents")} />
          <Box sx={{ flex: 1 }} />
          <Box sx={{ display: { xs: "none", md: "block" } }}>
            <Segments
              label="Show as"
              value={view ?? "cards"}
              choices={[
                ["cards", <LayoutGrid key="icon" size={16} aria-hidden />, "Cards"],
                ["table", <Rows3 key="icon" size={16} aria-hidden />, "Table"],
              ]}
              choose={(next) => go(search, next === "table" ? "table" : undefined)}
            />
          </Box>
        </>
      }
    >
      <ListBody
        module={LISTINGS}
        filters={search}
        clear={() => go(search.sort ? { sort: search.sort } : {})}
        empty="What you and your team have for sale or rent shows here. You can load many at once from a file of your MLS, too."
        columns={LISTING_COLUMNS}
        note={placeOf}
        card={(record) => <RecordCard module={LISTINGS} record={record} />}
        {...(!table && { tiles: TILES })}
      />
    </ListPage>
  );
}

const TILES: Tiles = { height: 292, tile: (record) => <ListingCard record={record} />, waiting: <CardBars /> };

function CardBars() {
  return (
    <Box sx={{ p: 2, display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 264px), 1fr))" }}>
      {["a", "b", "c", "d", "e", "f"].map((each) => (
        <Bars key={each} count={1} height={276} />
      ))}
    </Box>
  );
}
