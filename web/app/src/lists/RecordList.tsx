// A list as long as it may be: only the rows in view are there. At a desk a table that scrolls by itself, on a phone cards
// that scroll with the page.

import useMediaQuery from "@mui/material/useMediaQuery";
import type { Theme } from "@mui/material/styles";
import type { ReactNode } from "react";
import type { Selection } from "../modules/selection";
import type { CrmRecord, Module } from "../modules/modules";
import { CardList } from "./CardList";
import { TableList } from "./TableList";

export interface ListColumn {
  readonly label: string;
  readonly width: string; // as in grid-template-columns
  readonly right?: boolean;
  readonly cell: (record: CrmRecord) => ReactNode;
}

export interface ListProps {
  module: Module;
  records: readonly CrmRecord[];
  of: string; // what is listed: its filters and order
  columns: readonly ListColumn[];
  card: (record: CrmRecord) => ReactNode;
  selection: Selection;
  more: (() => void) | undefined; // loads the next page, if there is one
}

export default function RecordList(props: ListProps) {
  const desk = useMediaQuery((theme: Theme) => theme.breakpoints.up("md"), { noSsr: true });
  return desk ? <TableList {...props} /> : <CardList {...props} />;
}
