// Who is there, at the badge: those who are first, then who was there last.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Popover from "@mui/material/Popover";
import Typography from "@mui/material/Typography";
import { Link as RouterLink } from "@tanstack/react-router";
import { usePerson } from "../api/context";
import { useRoster } from "../modules/data";
import { Chip } from "../ui/StatusChip";
import { Bars, Failed, Waiting } from "../ui/states";
import { PersonFace } from "./PersonFace";
import { PresenceWord } from "./PresenceWord";
import { rosterOf } from "./presence";
import { usePresences } from "./usePresences";

const MOST = 50; // people; the rest are on their page

interface Props {
  anchor: () => HTMLElement | null;
  about: string; // the connection
  close: () => void;
}

export default function RosterPopover({ anchor, about, close }: Props) {
  return (
    <Popover
      open
      anchorEl={anchor}
      onClose={close}
      anchorOrigin={{ vertical: "bottom", horizontal: "right" }}
      transformOrigin={{ vertical: "top", horizontal: "right" }}
      slotProps={{
        paper: {
          role: "dialog",
          "aria-label": "Who is there",
          sx: {
            display: "flex",
            flexDirection: "column",
            width: 320,
            maxWidth: "calc(100vw - 32px)",
            maxHeight: "min(480px, calc(100dvh - 88px))",
            border: 1,
            borderColor: "divider",
            borderRadius: "10px",
          },
        },
      }}
    >
      <Typography variant="body2" color="textSecondary" sx={{ px: 2, pt: 1.5, pb: 1 }}>
        {about}
      </Typography>
      <People />
      <Box sx={{ p: 1, borderTop: 1, borderColor: "divider" }}>
        <Button component={RouterLink} to="/people" onClick={close} fullWidth sx={{ justifyContent: "flex-start" }}>
          All people and teams
        </Button>
      </Box>
    </Popover>
  );
}

function People() {
  const { id: me } = usePerson();
  const { data: roster, error, refetch } = useRoster();
  const { presences, online } = usePresences();
  if (online === undefined) {
    return (
      <Typography sx={{ px: 2, pb: 1 }}>Who is there is shown as soon as this page is connected.</Typography>
    );
  }
  if (!roster) {
    return error ? (
      <Failed error={error} retry={() => void refetch()} />
    ) : (
      <Box sx={{ px: 2, pb: 2 }}>
        <Waiting>
          <Bars count={4} height={36} />
        </Waiting>
      </Box>
    );
  }
  return (
    <Box component="ul" aria-label="People" tabIndex={0} sx={{ m: 0, p: 0, listStyle: "none", minHeight: 0, overflowY: "auto" }}>
      {rosterOf(roster.users, presences)
        .slice(0, MOST)
        .map(({ user: { userId, name }, presence }) => (
          <Box component="li" key={userId} sx={{ display: "flex", alignItems: "center", gap: 1.5, minHeight: 44, px: 2 }}>
            <PersonFace name={name} status={presence?.status} />
            <Box sx={{ flex: 1, minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>{name}</Box>
            {userId === me && <Chip tone="quiet">You</Chip>}
            <Box sx={{ typography: "caption" }}>
              <PresenceWord presence={presence} />
            </Box>
          </Box>
        ))}
    </Box>
  );
}
