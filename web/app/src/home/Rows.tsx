import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { Link as RouterLink } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../ui/layout";
import { Bars, Failed, Waiting } from "../ui/states";

interface ListProps {
  title: string;
  list: { isPending: boolean; error: unknown; refetch: () => unknown };
  rows: readonly ReactNode[];
  nothing: string;
  action?: ReactNode;
}

/** A card with rows, whatever state they are in. */
export function RowCard({ title, list, rows, nothing, action }: ListProps) {
  return (
    <Card title={title} flush action={action}>
      {list.isPending && (
        <Waiting>
          <Box sx={{ p: 2, pt: 0 }}>
            <Bars count={3} height={28} />
          </Box>
        </Waiting>
      )}
      {Boolean(list.error) && rows.length === 0 && <Failed error={list.error} retry={() => void list.refetch()} />}
      {!list.isPending && !list.error && rows.length === 0 && (
        <Typography color="textSecondary" sx={{ px: 2, pb: 2 }}>
          {nothing}
        </Typography>
      )}
      <Box component="ul" aria-label={title} sx={{ m: 0, p: 0, listStyle: "none" }}>
        {rows}
      </Box>
    </Card>
  );
}

interface RowProps {
  to: string;
  title: string;
  before?: ReactNode; // the time, in a column of its own
  about?: ReactNode;
  after?: ReactNode;
}

export function Row({ to, title, before, about, after }: RowProps) {
  return (
    <Box component="li" sx={{ display: "flex", alignItems: "center", gap: 1.5, minHeight: 44, px: 2, py: 0.5, borderTop: 1, borderColor: "divider" }}>
      {before && (
        <Box component="span" sx={{ typography: "body2", color: "text.secondary", width: 68, flex: "none" }}>
          {before}
        </Box>
      )}
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Link component={RouterLink} to={to} color="textPrimary" sx={{ display: "block", fontWeight: 500, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
          {title}
        </Link>
        {about && (
          <Typography variant="caption" color="textSecondary" component="div" noWrap>
            {about}
          </Typography>
        )}
      </Box>
      {after}
    </Box>
  );
}
