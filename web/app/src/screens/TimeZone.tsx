import Autocomplete from "@mui/material/Autocomplete";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { browserZone, chooseZone, useChosenZone, useOwnZone } from "../ownZone";
import { Card } from "../ui/layout";
import { momentText } from "../ui/words";
import { zoneName } from "../zones";

const ZONES = Intl.supportedValuesOf("timeZone");

/** In which all times are shown and typed. */
export function TimeZone() {
  const chosen = useChosenZone();
  const zone = useOwnZone();
  const now = new Date();
  return (
    <Card title="Time zone">
      <Typography color="textSecondary" sx={{ mb: 2 }}>
        All times are shown and typed in this zone. It is {momentText(now.toISOString(), zone)} {zoneName(zone, now)} there.
      </Typography>
      <Autocomplete
        options={ZONES}
        value={chosen ?? null}
        onChange={(_event, next) => chooseZone(next ?? undefined)}
        getOptionLabel={(each) => each.replaceAll("_", " ")}
        renderInput={(params) => (
          <TextField
            {...params}
            label="Zone"
            placeholder={`As this machine has it: ${browserZone().replaceAll("_", " ")}`}
            slotProps={{ ...params.slotProps, inputLabel: { ...params.slotProps.inputLabel, shrink: true } }}
          />
        )}
        sx={{ maxWidth: 420 }}
      />
    </Card>
  );
}
