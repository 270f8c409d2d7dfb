// Everybody of the brokerage, and their teams. Administrators change it here; the others see whom to ask.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import InputAdornment from "@mui/material/InputAdornment";
import Link from "@mui/material/Link";
import { LateTextField } from "../ui/LateTextField";
import Typography from "@mui/material/Typography";
import { Link as RouterLink } from "@tanstack/react-router";
import { Pencil, Plus, ScrollText, Search, Send, UserPlus } from "lucide-react";
import { Suspense, useMemo, useState } from "react";
import type { Roster, TeamEntry } from "../contract";
import { useMe, useRoster } from "../modules/data";
import { Avatar } from "../ui/Avatar";
import { Card, Page } from "../ui/layout";
import { part } from "../ui/part";
import { Bars, Failed, NothingFound, Waiting } from "../ui/states";
import { plural } from "../ui/words";
import { peopleFound } from "./directory";
import { PeopleTable } from "./PeopleTable";
import type { Deed } from "./PersonDialogs";
import { mayWrite, recipientsOf } from "./recipients";
import { usePresences } from "./usePresences";

const PersonDialog = part(() => import("./PersonDialogs"));
const MessageDialog = part(() => import("./MessageDialog"));

const STEP = 100; // rows at first, and with each "Show more"

export default function PeopleScreen() {
  const { data: roster, isPending, error, refetch } = useRoster();
  const { data: me } = useMe();
  const known = usePresences();
  const [text, setText] = useState("");
  const [shown, setShown] = useState(STEP);
  const [deed, setDeed] = useState<Deed>();
  const [message, setMessage] = useState<{ first?: string }>();
  const writable = useMemo(
    () => new Set(me && roster ? recipientsOf(me, roster).flatMap(({ to }) => ("userId" in to ? [to.userId] : [])) : []),
    [me, roster],
  );
  const admin = me?.role === "admin";
  const people = roster ? peopleFound(roster, text) : [];
  return (
    <Page
      title="People"
      about={
        roster && (
          <Box component="span" sx={{ color: "text.secondary" }}>
            {plural(roster.users.length, "person", "people")} of {roster.brokerage.name}
            {known.online !== undefined && `, ${known.online} online`}
          </Box>
        )
      }
      actions={
        <>
          {/* All at once: what comes later would push away what somebody is about to press. */}
          {me && roster && mayWrite(me) && (
            <Button variant="outlined" startIcon={<Send size={16} aria-hidden />} onClick={() => setMessage({})}>
              Send a message
            </Button>
          )}
          {roster && admin && (
            <Button component={RouterLink} to="/people/audit" variant="outlined" startIcon={<ScrollText size={16} aria-hidden />}>
              Audit trail
            </Button>
          )}
          {roster && admin && (
            <Button variant="contained" startIcon={<UserPlus size={16} aria-hidden />} onClick={() => setDeed({ kind: "invite" })}>
              Invite
            </Button>
          )}
        </>
      }
    >
      {roster && me && !admin && <AskAdministrator roster={roster} />}
      {isPending && (
        <Card>
          <Waiting>
            <Bars count={8} height={28} />
          </Waiting>
        </Card>
      )}
      {error && !roster && (
        <Card>
          <Failed error={error} retry={() => void refetch()} />
        </Card>
      )}
      {roster && (
        <Box sx={{ display: "grid", gap: 2 }}>
          <Teams roster={roster} admin={admin} begin={setDeed} show={setText} />
          <LateTextField
            type="search"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setShown(STEP);
            }}
            placeholder="Search people"
            sx={{ maxWidth: { sm: 320 } }}
            slotProps={{
              htmlInput: { "aria-label": "Search people", maxLength: 100 },
              input: {
                startAdornment: (
                  <InputAdornment position="start">
                    <Search size={16} aria-hidden />
                  </InputAdornment>
                ),
              },
            }}
          />
          <Card flush>
            {people.length === 0 ? (
              <NothingFound title="Nobody is called that">Try another name, e-mail, role or team.</NothingFound>
            ) : (
              <PeopleTable
                roster={roster}
                people={people.slice(0, shown)}
                me={me?.userId ?? ""}
                known={known}
                writable={writable}
                write={(first) => setMessage({ first })}
                admin={admin}
                begin={setDeed}
              />
            )}
          </Card>
          {people.length > shown && (
            <Box sx={{ display: "grid", justifyItems: "center" }}>
              <Button variant="outlined" onClick={() => setShown(shown + STEP)}>
                Show more
              </Button>
            </Box>
          )}
          <Suspense>
            {deed && <PersonDialog deed={deed} roster={roster} me={me?.userId ?? ""} close={() => setDeed(undefined)} />}
            {me && message && <MessageDialog me={me} roster={roster} first={message.first} close={() => setMessage(undefined)} />}
          </Suspense>
        </Box>
      )}
    </Page>
  );
}

function AskAdministrator({ roster }: { roster: Roster }) {
  const admins = roster.users.filter(({ role }) => role === "admin");
  return (
    <Alert severity="info" sx={{ mb: 2 }}>
      Administrators invite people and change roles and teams.{" "}
      {admins.length > 0 && (
        <>
          Ask{" "}
          {admins.slice(0, 3).map(({ userId, name, email }, index) => (
            <span key={userId}>
              {index > 0 && " or "}
              <Link href={`mailto:${email}`} color="inherit" underline="always">
                {name}
              </Link>
            </span>
          ))}
          .
        </>
      )}
    </Alert>
  );
}

interface TeamsProps {
  roster: Roster;
  admin: boolean;
  begin: (deed: Deed) => void;
  show: (text: string) => void;
}

function Teams({ roster, admin, begin, show }: TeamsProps) {
  const [all, setAll] = useState(false);
  const teams = roster.teams.toSorted((one, other) => one.name.localeCompare(other.name));
  const some = all ? teams : teams.slice(0, 12);
  return (
    <Card
      title="Teams"
      flush
      action={
        admin && (
          <Button startIcon={<Plus size={15} aria-hidden />} onClick={() => begin({ kind: "team" })}>
            New team
          </Button>
        )
      }
    >
      {teams.length === 0 && (
        <Typography color="textSecondary" sx={{ px: 2, pb: 2 }}>
          There is no team yet. Records belong to teams, so this is where a brokerage begins.
        </Typography>
      )}
      <Box
        component="ul"
        aria-label="Teams"
        sx={{ m: 0, px: 2, pb: 2, listStyle: "none", display: "grid", gap: 1.5, gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 240px), 1fr))" }}
      >
        {some.map((team) => (
          <Team key={team.teamId} team={team} roster={roster} admin={admin} begin={begin} show={show} />
        ))}
      </Box>
      {teams.length > some.length && (
        <Box sx={{ px: 2, pb: 2 }}>
          <Button color="inherit" onClick={() => setAll(true)}>
            All {teams.length} teams
          </Button>
        </Box>
      )}
    </Card>
  );
}

function Team({ team, roster, admin, begin, show }: TeamsProps & { team: TeamEntry }) {
  const members = roster.users.filter(({ role, teamIds }) => role !== "broker" && teamIds.includes(team.teamId));
  return (
    <Box component="li" sx={{ display: "flex", alignItems: "center", gap: 1, p: 1.5, border: 1, borderColor: "divider", borderRadius: "6px" }}>
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Link component="button" color="textPrimary" onClick={() => show(team.name)} sx={{ fontWeight: 500, textAlign: "left", overflowWrap: "anywhere" }}>
          {team.name}
        </Link>
        <Typography variant="body2" color="textSecondary">
          {plural(members.length, "person", "people")}
        </Typography>
      </Box>
      <Box sx={{ display: "flex", "& > * + *": { ml: "-6px" } }}>
        {members.slice(0, 4).map(({ userId, name }) => (
          <Avatar key={userId} name={name} size={24} />
        ))}
      </Box>
      {admin && (
        <IconButton aria-label={`Rename ${team.name}`} onClick={() => begin({ kind: "team", team })}>
          <Pencil size={15} aria-hidden />
        </IconButton>
      )}
    </Box>
  );
}
