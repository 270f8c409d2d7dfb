// What is around every screen: the menu, the search, the state of the connection, what one is told of, who is signed in.

import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import IconButton from "@mui/material/IconButton";
import Link from "@mui/material/Link";
import type { Noun } from "@openhouse/client";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { Ellipsis, Search } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";
import { usePerson } from "../api/context";
import { WaitingBanner } from "../live/WaitingBanner";
import { Bell } from "../notifications/Bell";
import { Brand } from "../ui/Brand";
import { HEADER } from "../ui/measures";
import { part } from "../ui/part";
import { Bars, Waiting } from "../ui/states";
import { MODULES } from "../modules/modules";
import { ConnectionBadge } from "./ConnectionBadge";
import { HOME, OFFICE, type Place, WORK } from "./navigation";
import { NavLink } from "./NavLink";
import { PersonMenu } from "./PersonMenu";
import { preload } from "./preload";
import { visit } from "./recent";
import { useLater } from "./useLater";

const Palette = part(() => import("./Palette"));
const MoreSheet = part(() => import("./MoreSheet"));
const NotificationPanel = part(() => import("../notifications/NotificationPanel"));

const SIDE = 232;
const BOTTOM = 60;
const IN_REACH = new Set(["/escrows", "/leads", "/appointments"]); // of a thumb

export function Shell() {
  const [palette, setPalette] = useState(false);
  const [more, setMore] = useState(false);
  const [notifications, setNotifications] = useState(false);
  const later = useLater();
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setPalette((open) => !open);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  const { id: user } = usePerson();
  useEffect(() => {
    const [, at, id] = path.split("/");
    const module = MODULES.find((each) => each.path === at);
    if (module && id && id !== "new") visit(user, { noun: module.noun as Noun, id });
  }, [path, user]);

  useEffect(preload, []);

  // A new page is read from its beginning.
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== path) main.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);

  return (
    <Box sx={{ minHeight: "100dvh", display: "grid", gridTemplateColumns: { xs: "minmax(0, 1fr)", md: `${SIDE}px minmax(0, 1fr)` } }}>
      <Link
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
        sx={{
          position: "fixed",
          top: 8,
          left: 8,
          zIndex: 1400,
          px: 2,
          py: 1,
          bgcolor: "background.paper",
          borderRadius: "6px",
          transform: "translateY(-200%)",
          "&:focus": { transform: "none" },
        }}
      >
        Skip to the content
      </Link>
      <Side />
      <Box sx={{ minWidth: 0, display: "flex", flexDirection: "column", pb: { xs: `calc(${BOTTOM}px + var(--tray, 0px))`, md: "var(--tray, 0px)" } }}>
        <Box
          component="header"
          sx={{
            position: "sticky",
            top: 0,
            zIndex: 10,
            height: HEADER,
            px: { xs: 2, md: 4 },
            display: "flex",
            alignItems: "center",
            gap: { xs: 0.5, sm: 1.5 },
            bgcolor: "background.paper",
            borderBottom: 1,
            borderColor: "divider",
          }}
        >
          <Box sx={{ display: { xs: "inline-flex", md: "none" } }}>
            <Brand size={28} name={false} />
          </Box>
          <SearchButton open={() => setPalette(true)} />
          <Box sx={{ flex: 1 }} />
          <ConnectionBadge />
          <Bell isOpen={notifications} open={() => setNotifications(true)} />
          <PersonMenu />
        </Box>
        <WaitingBanner />
        {later && <later.Follows />}
        {later && <later.Mornings />}
        {later && <later.SystemBanner />}
        <Box
          component="main"
          id="content"
          ref={main}
          tabIndex={-1}
          sx={{ flex: 1, minWidth: 0, outline: "none", "&:focus-visible": { outline: "none" } }}
        >
          <Suspense fallback={<PageSkeleton />}>
            <Outlet />
          </Suspense>
        </Box>
      </Box>
      <Bottom openMore={() => setMore(true)} />
      <Suspense>
        {palette && <Palette close={() => setPalette(false)} />}
        {more && <MoreSheet close={() => setMore(false)} />}
        {notifications && <NotificationPanel close={() => setNotifications(false)} />}
      </Suspense>
      {later && <later.Toasts quiet={notifications} />}
      {later && <later.TaskTray path={path} />}
      {later && <later.DropAnywhere />}
    </Box>
  );
}

function Side() {
  return (
    <Box
      component="nav"
      aria-label="Main"
      sx={{
        display: { xs: "none", md: "flex" },
        flexDirection: "column",
        position: "sticky",
        top: 0,
        height: "100dvh",
        overflowY: "auto",
        px: 1.5,
        pb: 2,
        bgcolor: "background.paper",
        borderRight: 1,
        borderColor: "divider",
      }}
    >
      <Box sx={{ height: HEADER, display: "flex", alignItems: "center", px: 1, mb: 1, flex: "none" }}>
        <Brand />
      </Box>
      <Places places={[HOME]} />
      <Box sx={{ typography: "caption", fontWeight: 500, color: "text.secondary", px: 1.5, pt: 2, pb: 0.5 }}>Work</Box>
      <Places places={WORK} />
      <Box sx={{ flex: 1, minHeight: 16 }} />
      <Places places={OFFICE} />
    </Box>
  );
}

function Places({ places }: { places: readonly Place[] }) {
  return (
    <Box component="ul" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: "2px" }}>
      {places.map(({ to, label, icon: Icon }) => (
        <li key={to}>
          <NavLink
            to={to}
            sx={{ display: "flex", alignItems: "center", gap: 1.5, height: 36, px: 1.5, borderRadius: "6px", width: "100%" }}
          >
            <Icon size={18} aria-hidden />
            {label}
          </NavLink>
        </li>
      ))}
    </Box>
  );
}

function Bottom({ openMore }: { openMore: () => void }) {
  const shown = [HOME, ...WORK.filter(({ to }) => IN_REACH.has(to))];
  const sx = {
    flex: 1,
    minWidth: 0,
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    justifyContent: "center",
    gap: "2px",
    height: "100%",
    typography: "caption",
    fontWeight: 500,
    fontSize: "0.6875rem",
  };
  return (
    <Box
      component="nav"
      aria-label="Main, at the bottom"
      sx={{
        display: { xs: "flex", md: "none" },
        position: "fixed",
        inset: "auto 0 0 0",
        zIndex: 10,
        height: BOTTOM,
        bgcolor: "background.paper",
        borderTop: 1,
        borderColor: "divider",
      }}
    >
      {shown.map(({ to, label, icon: Icon }) => (
        <NavLink key={to} to={to} sx={sx}>
          <Icon size={20} aria-hidden />
          <Box component="span" sx={{ maxWidth: "100%", overflow: "hidden", textOverflow: "ellipsis" }}>
            {label === "Appointments" ? "Calendar" : label}
          </Box>
        </NavLink>
      ))}
      <ButtonBase onClick={openMore} sx={{ ...sx, color: "text.secondary" }}>
        <Ellipsis size={20} aria-hidden />
        More
      </ButtonBase>
    </Box>
  );
}

function SearchButton({ open }: { open: () => void }) {
  return (
    <>
      <ButtonBase
        onClick={open}
        sx={{
          display: { xs: "none", sm: "flex" },
          width: { sm: 260, lg: 340 },
          height: 36,
          px: 1.5,
          gap: 1,
          justifyContent: "flex-start",
          borderRadius: "6px",
          bgcolor: "raised",
          color: "text.secondary",
          typography: "body1",
        }}
      >
        <Search size={16} aria-hidden />
        <Box component="span" sx={{ flex: 1, textAlign: "left" }}>
          Search or go to …
        </Box>
        <Box component="kbd" sx={{ font: "inherit", fontSize: "0.75rem", border: 1, borderColor: "divider", px: 0.75, borderRadius: "4px" }}>
          Ctrl K
        </Box>
      </ButtonBase>
      <IconButton onClick={open} aria-label="Search or go to" sx={{ display: { sm: "none" } }}>
        <Search size={20} aria-hidden />
      </IconButton>
    </>
  );
}

function PageSkeleton() {
  return (
    <Waiting>
      <Box sx={{ px: { xs: 2, md: 4 }, py: 3, display: "grid", gap: 3 }}>
        <Bars count={1} height={36} width={220} />
        <Bars count={8} height={36} />
      </Box>
    </Waiting>
  );
}
