import Box from "@mui/material/Box";
import Divider from "@mui/material/Divider";
import IconButton from "@mui/material/IconButton";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import Typography from "@mui/material/Typography";
import { useNavigate } from "@tanstack/react-router";
import { Suspense, useRef, useState } from "react";
import { usePerson } from "../api/context";
import { useSignOut } from "../live/useSignOut";
import { Avatar } from "../ui/Avatar";
import { part } from "../ui/part";

const RecentTasks = part(() => import("../tasks/RecentTasks"));

export function PersonMenu() {
  const signOut = useSignOut();
  const { name, email } = usePerson();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [tasks, setTasks] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const close = () => setOpen(false);
  return (
    <>
      <IconButton
        ref={anchor}
        onClick={() => setOpen(true)}
        aria-label={`You are ${name}`}
        aria-haspopup="menu"
        aria-expanded={open}
      >
        <Avatar name={name} />
      </IconButton>
      <Menu open={open} onClose={close} anchorEl={() => anchor.current}>
        <Box sx={{ px: 2, py: 1 }} role="presentation">
          <Typography sx={{ fontWeight: 600 }}>{name}</Typography>
          <Typography variant="body2" color="textSecondary">
            {email}
          </Typography>
        </Box>
        <Divider />
        <MenuItem
          onClick={() => {
            close();
            void navigate({ to: "/settings" });
          }}
        >
          Settings
        </MenuItem>
        <MenuItem
          onClick={() => {
            close();
            setTasks(true);
          }}
        >
          Recent tasks
        </MenuItem>
        <MenuItem onClick={() => void signOut()}>Sign out</MenuItem>
      </Menu>
      <Suspense>{tasks && <RecentTasks close={() => setTasks(false)} />}</Suspense>
    </>
  );
}
