// A list as long as it may be: only the rows in view are there. At a desk a table that scrolls by itself, on a phone cards
// that scroll with the page.

import useMediaQuery from "@mui/material/useMediaQuery";
import type { Theme } from "@mui/material/styles";
import { CardList } from "./CardList";
import type { ListProps } from "./looks";
import { TableList } from "./TableList";

export default function RecordList(props: ListProps) {
  const desk = useMediaQuery((theme: Theme) => theme.breakpoints.up("md"), { noSsr: true });
  return desk ? <TableList {...props} /> : <CardList {...props} />;
}
