import { Columns3, Rows3 } from "lucide-react";
import { Segments } from "../ui/Segments";
import type { View } from "./search";

export function ViewSwitch({ view, choose }: { view: View; choose: (view: View) => void }) {
  return (
    <Segments
      label="View"
      value={view}
      choose={choose}
      choices={[
        ["table", <Rows3 key="table" size={16} aria-hidden />, "Table"],
        ["board", <Columns3 key="board" size={16} aria-hidden />, "Board"],
      ]}
    />
  );
}
