import Box from "@mui/material/Box";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import type { TeamEntry } from "../contract";
import { isRole, type PersonFields, ROLES } from "./directory";

interface Props {
  value: PersonFields;
  change: (value: PersonFields) => void;
  teams: readonly TeamEntry[];
  invitation?: boolean; // the address can still be typed
  roleKept?: string | undefined; // why the role cannot be changed
}

export function PersonFieldsForm({ value, change, teams, invitation = false, roleKept }: Props) {
  const [broker, known] = [value.role === "broker", new Set(value.teamIds)];
  return (
    <Box sx={{ display: "grid", gap: 2, pt: 1 }}>
      <TextField
        label="E-mail"
        type="email"
        value={value.email}
        required
        autoFocus={invitation}
        disabled={!invitation}
        onChange={(event) => change({ ...value, email: event.target.value })}
        slotProps={{ htmlInput: { maxLength: 300 } }}
      />
      <TextField
        label="Name"
        value={value.name}
        required
        autoFocus={!invitation}
        onChange={(event) => change({ ...value, name: event.target.value })}
        slotProps={{ htmlInput: { maxLength: 300 } }}
      />
      <TextField
        select
        label="Role"
        value={value.role}
        disabled={roleKept !== undefined}
        helperText={roleKept ?? ROLES[value.role].about}
        onChange={(event) => isRole(event.target.value) && change({ ...value, role: event.target.value })}
      >
        {Object.entries(ROLES).map(([role, { label }]) => (
          <MenuItem key={role} value={role}>
            {label}
          </MenuItem>
        ))}
      </TextField>
      <Box role="group" aria-label="Teams">
        <Typography variant="body2" color="textSecondary" sx={{ fontWeight: 500 }}>
          Teams
        </Typography>
        {broker && <Typography color="textSecondary">A broker is in every team.</Typography>}
        {!broker && teams.length === 0 && <Typography color="textSecondary">There is no team yet.</Typography>}
        {!broker && (
          <Box sx={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 176px), 1fr))", maxHeight: 220, overflowY: "auto" }}>
            {teams.map(({ teamId, name }) => (
              <FormControlLabel
                key={teamId}
                label={name}
                control={
                  <Checkbox
                    size="small"
                    checked={known.has(teamId)}
                    onChange={({ target }) =>
                      change({
                        ...value,
                        teamIds: target.checked ? [...value.teamIds, teamId] : value.teamIds.filter((each) => each !== teamId),
                      })
                    }
                  />
                }
              />
            ))}
          </Box>
        )}
      </Box>
    </Box>
  );
}
