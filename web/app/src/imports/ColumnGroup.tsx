import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { Card } from "../ui/layout";
import { ColumnRow } from "./ColumnRow";
import { choiceOf, type Corrections } from "./corrections";
import type { Proposal } from "./proposal";

interface Props {
  title: string;
  about?: string;
  places: readonly number[];
  proposal: Proposal;
  corrections: Corrections;
  clashes: ReadonlyMap<number, string>;
  disabled: boolean;
  change: (next: (before: Corrections) => Corrections) => void;
}

/** Columns of which the same is to be said. */
export function ColumnGroup({ title, about, places, proposal, corrections, clashes, disabled, change }: Props) {
  if (places.length === 0) return null;
  return (
    <Card title={`${title} (${places.length})`} flush>
      {about && (
        <Typography variant="body2" color="textSecondary" sx={{ px: 2, pb: 1.5 }}>
          {about}
        </Typography>
      )}
      <Box component="ul" aria-label={title} sx={{ m: 0, p: 0, listStyle: "none" }}>
        {places.map((place) => (
          <ColumnRow
            key={place}
            proposal={proposal}
            place={place}
            choice={choiceOf(proposal, corrections, place)}
            clash={clashes.get(place)}
            disabled={disabled}
            change={change}
          />
        ))}
      </Box>
    </Card>
  );
}
