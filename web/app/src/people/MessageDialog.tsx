// A message to a person, a team, or everybody.

import Autocomplete from "@mui/material/Autocomplete";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useNotifications } from "@openhouse/client/react";
import { useState } from "react";
import type { Me, Roster } from "../contract";
import { type Level, LEVELS } from "../notifications/looks";
import { useAnnounce } from "../ui/Announcer";
import { FormDialog } from "./FormDialog";
import { type Recipient, recipientsOf } from "./recipients";

interface Props {
  me: Me;
  roster: Roster;
  first?: string | undefined; // the id of the person to whom it is at first
  close: () => void;
}

export default function MessageDialog({ me, roster, first, close }: Props) {
  const [choices] = useState(() => recipientsOf(me, roster));
  const [to, setTo] = useState<Recipient | undefined>(() => choices.find(({ key }) => key === `user:${first}`));
  const [level, setLevel] = useState<Level>("info");
  const [title, setTitle] = useState("");
  const [text, setText] = useState("");
  const { send } = useNotifications();
  const announce = useAnnounce();

  async function save(): Promise<void> {
    if (!to) throw new Error("Choose who it goes to.");
    await send({ to: to.to, level, title: title.trim(), text: text.trim() });
    announce(`Sent to ${to.group === "Everybody" ? "everybody" : to.label}`);
  }

  return (
    <FormDialog title="Send a message" submit="Send" close={close} save={save}>
      <Autocomplete
        options={choices}
        groupBy={({ group }) => group}
        value={to ?? null}
        onChange={(_event, next) => setTo(next ?? undefined)}
        isOptionEqualToValue={(one, other) => one.key === other.key}
        getOptionKey={({ key }) => key}
        renderInput={(params) => <TextField {...params} label="To" required autoFocus={!to} />}
        sx={{ mt: 1 }}
      />
      <TextField select label="Kind" value={level} onChange={({ target }) => setLevel(target.value as Level)}>
        {Object.entries(LEVELS).map(([value, { word }]) => (
          <MenuItem key={value} value={value}>
            {word}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        label="Title"
        value={title}
        required
        autoFocus={Boolean(to)}
        onChange={({ target }) => setTitle(target.value)}
        slotProps={{ htmlInput: { maxLength: 300 } }}
      />
      <TextField
        label="Text"
        value={text}
        required
        multiline
        minRows={3}
        maxRows={10}
        onChange={({ target }) => setText(target.value)}
        slotProps={{ htmlInput: { maxLength: 2_000 } }}
      />
    </FormDialog>
  );
}
