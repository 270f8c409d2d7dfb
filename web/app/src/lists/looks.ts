// What a list is told: what its records look like, and which they are.

import type { ReactNode } from "react";
import type { CrmRecord, Module } from "../modules/modules";
import type { Selection } from "../modules/selection";

export interface ListColumn {
  readonly label: string;
  readonly width: string; // as in grid-template-columns
  readonly right?: boolean;
  readonly roomy?: boolean; // left out unless there is much room
  readonly cell: (record: CrmRecord) => ReactNode;
}

/** What a module's records look like. */
export interface Looks {
  columns: readonly ListColumn[];
  note?: (record: CrmRecord) => ReactNode; // beside its title in a table
  card: (record: CrmRecord) => ReactNode; // what a tap on it leads to the record
  aside?: (record: CrmRecord) => ReactNode; // beside that: what can be done at once
}

export interface ListProps extends Looks {
  module: Module;
  records: readonly CrmRecord[];
  of: string; // what is listed: its filters and order
  selection: Selection;
  more: (() => void) | undefined; // loads the next page, if there is one
}
