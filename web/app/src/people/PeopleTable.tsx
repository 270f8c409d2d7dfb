import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Link from "@mui/material/Link";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableContainer from "@mui/material/TableContainer";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { EllipsisVertical, Send } from "lucide-react";
import { useRef, useState } from "react";
import type { Roster, UserEntry } from "../contract";
import { Chip } from "../ui/StatusChip";
import { isInvited, keptAdmin, ROLES, teamsText, useDirectoryWrites } from "./directory";
import type { Deed } from "./PersonDialogs";
import { PersonFace } from "./PersonFace";
import { PresenceWord } from "./PresenceWord";
import type { Known } from "./usePresences";
import { useAnnounce } from "../ui/Announcer";

interface Props {
  roster: Roster;
  people: readonly UserEntry[];
  me: string;
  known: Known;
  writable: ReadonlySet<string>; // the ids of those to whom one may write
  write: (userId: string) => void;
  admin: boolean;
  begin: (deed: Deed) => void;
}

const WIDE = { display: { xs: "none", sm: "table-cell" } } as const;

export function PeopleTable({ people, admin, ...shared }: Props) {
  return (
    <TableContainer>
      <Table size="small" aria-label="People">
        <TableHead>
          <TableRow>
            <TableCell>Name</TableCell>
            <TableCell sx={WIDE}>Now</TableCell>
            <TableCell sx={WIDE}>Role</TableCell>
            <TableCell sx={WIDE}>Teams</TableCell>
            <TableCell sx={WIDE}>E-mail</TableCell>
            {(admin || shared.writable.size > 0) && <TableCell aria-label="Actions" />}
          </TableRow>
        </TableHead>
        <TableBody>
          {people.map((user) => (
            <Person key={user.userId} user={user} admin={admin} {...shared} />
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function Person({ user, roster, me, known, writable, write, admin, begin }: Omit<Props, "people"> & { user: UserEntry }) {
  const teams = teamsText(user, roster.teams);
  const presence = known.presences.get(user.userId);
  const now = known.online !== undefined && !isInvited(user) && <PresenceWord presence={presence} />;
  return (
    <TableRow sx={{ height: 44, "&:last-child td": { borderBottom: 0 } }}>
      <TableCell>
        <Box sx={{ display: "flex", alignItems: "center", gap: 1.5 }}>
          <PersonFace name={user.name} status={presence?.status} />
          <Box sx={{ minWidth: 0 }}>
            <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1, fontWeight: 500, overflowWrap: "anywhere" }}>
              {user.name}
              {user.userId === me && <Chip tone="quiet">You</Chip>}
              {isInvited(user) && <Chip tone="amber">Invited</Chip>}
            </Box>
            <Box sx={{ display: { sm: "none" } }}>{now}</Box>
            <Box sx={{ display: { sm: "none" }, color: "text.secondary" }}>
              {ROLES[user.role].label} · {teams}
            </Box>
            <Box sx={{ display: { sm: "none" }, overflowWrap: "anywhere" }}>
              <Link href={`mailto:${user.email}`}>{user.email}</Link>
            </Box>
          </Box>
        </Box>
      </TableCell>
      <TableCell sx={WIDE}>{now}</TableCell>
      <TableCell sx={WIDE}>{ROLES[user.role].label}</TableCell>
      <TableCell sx={WIDE}>{teams}</TableCell>
      <TableCell sx={WIDE}>
        <Link href={`mailto:${user.email}`}>{user.email}</Link>
      </TableCell>
      {(admin || writable.size > 0) && (
        <TableCell align="right" sx={{ width: 52, py: 0, whiteSpace: "nowrap" }}>
          {writable.has(user.userId) && (
            <IconButton onClick={() => write(user.userId)} aria-label={`Write to ${user.name}`}>
              <Send size={16} aria-hidden />
            </IconButton>
          )}
          {admin && <PersonMenu user={user} kept={keptAdmin(user, me, roster.users)} begin={begin} />}
        </TableCell>
      )}
    </TableRow>
  );
}

function PersonMenu({ user, kept, begin }: { user: UserEntry; kept: string | undefined; begin: (deed: Deed) => void }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const { resend } = useDirectoryWrites();
  const announce = useAnnounce();
  const invited = isInvited(user);

  function take(deed: Deed): void {
    setOpen(false);
    begin(deed);
  }

  async function sendAgain(): Promise<void> {
    setOpen(false);
    try {
      await resend(user.userId);
      announce(`${user.email} gets another e-mail with a first password`);
    } catch (error) {
      announce(error instanceof Error ? error.message : "This did not work.");
    }
  }

  return (
    <>
      <IconButton
        ref={anchor}
        onClick={() => setOpen(true)}
        aria-label={`Actions for ${user.name}`}
        aria-haspopup="menu"
        aria-expanded={open}
      >
        <EllipsisVertical size={16} aria-hidden />
      </IconButton>
      <Menu open={open} onClose={() => setOpen(false)} anchorEl={() => anchor.current} slotProps={{ paper: { sx: { maxWidth: 300 } } }}>
        <MenuItem onClick={() => take({ kind: "change", user })}>Change role and teams</MenuItem>
        {invited && <MenuItem onClick={() => void sendAgain()}>Send the invitation again</MenuItem>}
        {invited && (
          <MenuItem onClick={() => take({ kind: "revoke", user })} sx={{ color: "error.main" }}>
            Withdraw the invitation
          </MenuItem>
        )}
        {!invited && (
          <MenuItem disabled={kept !== undefined} onClick={() => take({ kind: "deactivate", user })} sx={{ color: "error.main" }}>
            Deactivate
          </MenuItem>
        )}
        {!invited && kept && (
          <Box component="li" role="note" sx={{ px: 2, py: 1, typography: "caption", color: "text.secondary" }}>
            {kept}
          </Box>
        )}
      </Menu>
    </>
  );
}
