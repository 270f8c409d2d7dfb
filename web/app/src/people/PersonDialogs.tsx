// What an administrator does with people and teams, each in a dialog.

import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import type { Roster, TeamEntry, UserEntry } from "../contract";
import { useAnnounce } from "../ui/Announcer";
import { fieldsOf, keptAdmin, type PersonFields, useDirectoryWrites } from "./directory";
import { FormDialog } from "./FormDialog";
import { PersonFieldsForm } from "./PersonFieldsForm";

export type Deed =
  | { kind: "invite" }
  | { kind: "change"; user: UserEntry }
  | { kind: "deactivate"; user: UserEntry }
  | { kind: "revoke"; user: UserEntry }
  | { kind: "team"; team?: TeamEntry };

interface Props<Kind extends Deed["kind"]> {
  deed: Extract<Deed, { kind: Kind }>;
  roster: Roster;
  me: string;
  close: () => void;
}

export default function PersonDialog({ deed, ...shared }: { deed: Deed; roster: Roster; me: string; close: () => void }) {
  switch (deed.kind) {
    case "invite":
      return <Invite deed={deed} {...shared} />;
    case "change":
      return <Change deed={deed} {...shared} />;
    case "deactivate":
      return <Deactivate deed={deed} {...shared} />;
    case "revoke":
      return <Revoke deed={deed} {...shared} />;
    case "team":
      return <Team deed={deed} {...shared} />;
  }
}

function Invite({ roster, close }: Props<"invite">) {
  const [person, setPerson] = useState<PersonFields>({ email: "", name: "", role: "agent", teamIds: [] });
  const { invite } = useDirectoryWrites();
  const announce = useAnnounce();
  return (
    <FormDialog
      title="Invite somebody"
      submit="Send the invitation"
      close={close}
      save={async () => {
        await invite({ ...person, email: person.email.trim(), name: person.name.trim() });
        announce(`${person.name.trim()} is invited`);
      }}
    >
      <Typography color="textSecondary">They get an e-mail with a first password, and choose their own when they sign in.</Typography>
      <PersonFieldsForm value={person} change={setPerson} teams={roster.teams} invitation />
    </FormDialog>
  );
}

function Change({ deed: { user }, roster, me, close }: Props<"change">) {
  const [person, setPerson] = useState(() => fieldsOf(user));
  const { put } = useDirectoryWrites();
  const announce = useAnnounce();
  return (
    <FormDialog
      title={`Change ${user.name}`}
      submit="Save"
      close={close}
      save={async () => {
        await put(user.userId, { ...person, name: person.name.trim() });
        announce(`${person.name.trim()} is saved`, () => {
          put(user.userId, fieldsOf(user)).catch((error: Error) => announce(error.message));
        });
      }}
    >
      <PersonFieldsForm value={person} change={setPerson} teams={roster.teams} roleKept={keptAdmin(user, me, roster.users)} />
    </FormDialog>
  );
}

function Deactivate({ deed: { user }, close }: Props<"deactivate">) {
  const { remove, put } = useDirectoryWrites();
  const announce = useAnnounce();
  return (
    <FormDialog
      title={`Deactivate ${user.name}?`}
      submit="Deactivate"
      danger
      close={close}
      save={async () => {
        await remove(user.userId);
        announce(`${user.name} is deactivated`, () => {
          put(user.userId, fieldsOf(user)).catch((error: Error) => announce(error.message));
        });
      }}
    >
      <Typography>
        Their open pages end at once, and they see nothing of the brokerage any more. What they made stays with their teams; a lead can give
        it to others.
      </Typography>
    </FormDialog>
  );
}

function Revoke({ deed: { user }, close }: Props<"revoke">) {
  const { revoke } = useDirectoryWrites();
  const announce = useAnnounce();
  return (
    <FormDialog
      title={`Withdraw the invitation of ${user.name}?`}
      submit="Withdraw it"
      danger
      close={close}
      save={async () => {
        await revoke(user.userId);
        announce(`${user.name} is not invited any more`);
      }}
    >
      <Typography>The first password that {user.email} was sent stops working.</Typography>
    </FormDialog>
  );
}

function Team({ deed: { team }, close }: Props<"team">) {
  const [name, setName] = useState(team?.name ?? "");
  const { createTeam, renameTeam } = useDirectoryWrites();
  const announce = useAnnounce();
  return (
    <FormDialog
      title={team ? `Rename ${team.name}` : "New team"}
      submit={team ? "Rename" : "Create team"}
      close={close}
      save={async () => {
        const given = name.trim();
        await (team ? renameTeam(team.teamId, given) : createTeam(given));
        announce(team ? `${team.name} is ${given} now` : `Team ${given} is created`);
      }}
    >
      <TextField
        label="Name"
        value={name}
        required
        autoFocus
        onChange={(event) => setName(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 300 } }}
        sx={{ mt: 1 }}
      />
    </FormDialog>
  );
}
