// The filters of a list. They come after its rows: no first page waits for menus that nobody has opened.

import Box from "@mui/material/Box";
import { memo, Suspense } from "react";
import { part } from "../ui/part";
import type { FilterProps } from "./FilterBar";

const FilterBar = part(() => import("./FilterBar"));

export const Filters = memo(function Filters(props: FilterProps) {
  return (
    <Suspense fallback={<Box sx={{ minHeight: 44 }} />}>
      <FilterBar {...props} />
    </Suspense>
  );
});
