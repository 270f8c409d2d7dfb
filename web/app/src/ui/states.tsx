// What a place shows when it has nothing to show: empty, failed, offline, not allowed, not there yet.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { CloudOff, Inbox, Lock, type LucideIcon, SearchX, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { complaintOf, isUnreachable } from "../api/complaint";

interface Notice {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

function Place({ icon: Icon, title, children, action, alert }: Notice & { icon: LucideIcon; alert?: boolean }) {
  return (
    <Box
      role={alert ? "alert" : undefined}
      sx={{ display: "grid", justifyItems: "center", textAlign: "center", gap: 1, px: 3, py: 8, maxWidth: 440, mx: "auto" }}
    >
      <Box
        sx={{
          display: "grid",
          placeItems: "center",
          width: 48,
          height: 48,
          mb: 1,
          borderRadius: "50%",
          bgcolor: "raised",
          color: "text.secondary",
        }}
      >
        <Icon size={22} aria-hidden />
      </Box>
      <Typography variant="h3" component="h2">
        {title}
      </Typography>
      {children && <Typography color="textSecondary">{children}</Typography>}
      {action && <Box sx={{ mt: 2, display: "flex", gap: 1, flexWrap: "wrap", justifyContent: "center" }}>{action}</Box>}
    </Box>
  );
}

/** Nothing here yet: says what to do about it. */
export function Empty(notice: Notice) {
  return <Place icon={Inbox} {...notice} />;
}

export function NothingFound(notice: Notice) {
  return <Place icon={SearchX} {...notice} />;
}

export function NoPermission({ children }: { children: ReactNode }) {
  return (
    <Place icon={Lock} title="This is not open to you">
      {children}
    </Place>
  );
}

/** The sentence of an error, and a way on. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const again = retry && (
    <Button variant="outlined" onClick={retry}>
      Try again
    </Button>
  );
  const complaint = complaintOf(error);
  if (isUnreachable(complaint)) {
    return (
      <Place icon={CloudOff} title="The server cannot be reached" action={again} alert>
        Check the connection of this machine. What you have typed stays here.
      </Place>
    );
  }
  if (complaint.status === 404) {
    return (
      <Place icon={SearchX} title="There is no such record">
        It may have been deleted, or moved to where you cannot see it.
      </Place>
    );
  }
  if (complaint.status === 403) {
    return <NoPermission>{complaint.message}</NoPermission>;
  }
  return (
    <Place icon={TriangleAlert} title="This did not work" action={again} alert>
      {complaint.message}
    </Place>
  );
}

/** Shown only after 150 ms: what comes sooner does not flicker. */
export function Waiting({ children }: { children: ReactNode }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Box aria-busy="true" aria-label="Loading" role="status" sx={{ visibility: late ? "visible" : "hidden" }}>
      {children}
    </Box>
  );
}

/** Bars where lines of text will be. */
export function Bars({ count, height = 44, width = "100%" }: { count: number; height?: number; width?: number | string }) {
  return (
    <Box sx={{ display: "grid", gap: 1 }}>
      {Array.from({ length: count }, (_, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- they are all alike
        <Skeleton key={index} variant="rounded" height={height} width={width} />
      ))}
    </Box>
  );
}
