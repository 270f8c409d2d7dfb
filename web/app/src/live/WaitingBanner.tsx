// Below the header, while there is something to say of it: no connection, changes that wait, changes that were refused.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { CloudOff, type LucideIcon, TriangleAlert, UploadCloud } from "lucide-react";
import { Suspense, useState } from "react";
import { part } from "../ui/part";
import { plural } from "../ui/words";
import { useConnectionState, useRefusals, useWaiting } from "./context";
import { MOST_WAITING } from "./live";
import { HEADER } from "../ui/measures";
import { useLasts } from "./useLasts";

const WaitingDrawer = part(() => import("./WaitingDrawer"));

export function WaitingBanner() {
  const { status } = useConnectionState();
  const waiting = useWaiting().length;
  const refused = useRefusals().length;
  const [open, setOpen] = useState(false);
  const lost = useLasts(status !== "connected" && status !== "connecting");
  const away = lost || !navigator.onLine; // each try without a network is to connect, for a moment
  const slow = useLasts(waiting > 0);
  const shown = say(away, slow ? waiting : 0, refused);
  return (
    <>
      {shown && (
        <Box
          role="status"
          aria-label="Changes that wait"
          sx={{
            position: "sticky",
            top: HEADER,
            zIndex: 9,
            display: "flex",
            alignItems: "center",
            flexWrap: "wrap",
            gap: 1.5,
            px: { xs: 2, md: 4 },
            py: 0.75,
            bgcolor: "raised",
            borderBottom: 1,
            borderColor: "divider",
            typography: "body2",
          }}
        >
          <shown.icon size={16} aria-hidden />
          <Box component="span" sx={{ flex: "1 1 200px" }}>
            {shown.text}
          </Box>
          {(waiting > 0 || refused > 0) && (
            <Button size="small" variant="outlined" onClick={() => setOpen(true)} sx={{ minHeight: 28, py: 0.25 }}>
              {refused > 0 && waiting === 0 ? "See why" : `See ${plural(waiting + refused, "change")}`}
            </Button>
          )}
        </Box>
      )}
      <Suspense>{open && <WaitingDrawer close={() => setOpen(false)} />}</Suspense>
    </>
  );
}

function say(away: boolean, waiting: number, refused: number): { icon: LucideIcon; text: string } | undefined {
  if (refused > 0) return { icon: TriangleAlert, text: `${plural(refused, "change")} could not be saved.` };
  if (waiting >= MOST_WAITING) {
    return { icon: TriangleAlert, text: `${waiting} changes wait, and no more can be kept: connect, or take some back.` };
  }
  if (away && waiting > 0) return { icon: CloudOff, text: `${plural(waiting, "change")} will be sent when the connection is back.` };
  if (away) return { icon: CloudOff, text: "No connection. What you change now is kept here, and sent when it is back." };
  return waiting > 0 ? { icon: UploadCloud, text: `${plural(waiting, "change")} being sent …` } : undefined;
}
