import Link from "@mui/material/Link";
import type { Task } from "@openhouse/client";
import { useAddress } from "../files/addresses";
import { plural } from "../ui/words";
import { rowsFileOf } from "./result";

/** To the rows that were rejected or warned of, as a file. */
export default function RowsLink({ task }: { task: Task }) {
  const rows = rowsFileOf(task);
  const { url } = useAddress(rows?.fileId, { follow: true });
  if (!rows) return null;
  const text = `${plural(rows.rows, "row")} to look at, as CSV`;
  return url ? (
    <Link href={url} variant="body2" sx={{ display: "inline-block", "@media (pointer: coarse)": { py: 1.5 } }}>
      {text}
    </Link>
  ) : (
    <span>{text}</span>
  );
}
