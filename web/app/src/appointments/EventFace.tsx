import Box from "@mui/material/Box";
import { TriangleAlert } from "lucide-react";
import type { EventDisplayInfo } from "@fullcalendar/react";
import { words } from "../ui/words";

const HIDDEN = { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" } as const;

/** What stands in an event of the grid: time and title, its status by a stripe and in words for who cannot see that. */
export function EventFace({ info }: { info: EventDisplayInfo }) {
  const { status, tone, off, overlapping } = info.event.extendedProps as {
    status: string;
    tone: string;
    off: boolean;
    overlapping: readonly string[];
  };
  const month = info.view.type === "dayGridMonth";
  const line = month || info.isShort; // there is room for one alone
  const about = overlapping.length > 0 ? `Overlaps ${overlapping.join(", ")}` : undefined;
  return (
    <Box
      title={about ?? info.event.title}
      sx={{
        flex: 1,
        minWidth: 0,
        height: "100%",
        px: 0.75,
        py: "2px",
        borderLeft: "3px solid",
        borderColor: tone,
        typography: "caption",
        overflow: "clip", // not hidden: that would hold the title where a long one begins, out of sight
        ...(off ? { textDecoration: "line-through", opacity: 0.7 } : {}),
      }}
    >
      <Box sx={{ position: "sticky", top: "2px" }}>
        <Box
          component="span"
          sx={{
            display: "block",
            fontWeight: 500,
            ...(line ? { whiteSpace: "nowrap", overflow: "hidden", textOverflow: "ellipsis" } : { overflowWrap: "anywhere" }),
          }}
        >
          {about && <TriangleAlert size={12} color="var(--mui-palette-warning-main)" role="img" aria-label={about} style={ICON} />}
          {line && info.timeText && (
            <Box component="span" sx={{ color: "text.secondary", fontWeight: 400 }}>
              {info.timeText}{" "}
            </Box>
          )}
          {info.event.title}
        </Box>
        {!line && info.timeText && (
          <Box component="span" sx={{ color: "text.secondary" }}>
            {info.timeText}
          </Box>
        )}
      </Box>
      <Box component="span" sx={HIDDEN}>
        {`, ${words(status).toLowerCase()}`}
      </Box>
    </Box>
  );
}

const ICON = { marginRight: 4, verticalAlign: "-1px" } as const;
