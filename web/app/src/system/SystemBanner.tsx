// Below the header: maintenance that is ahead, or on, or over; and what everybody is told.

import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import { type Maintenance, useSystem } from "@openhouse/client/react";
import { type LucideIcon, Wrench, X } from "lucide-react";
import { useState } from "react";
import { LEVELS } from "../notifications/looks";
import { useSpoken } from "../ui/Announcer";
import { toneColour, type Tone } from "../ui/StatusChip";
import { useNow } from "../ui/useNow";
import { useDismissed } from "./dismissed";
import { countdown, maintenanceText, overText, phaseOf } from "./words";

export function SystemBanner() {
  const { maintenance, broadcasts } = useSystem();
  const [isDismissed, dismiss] = useDismissed();
  const [over, forget] = useOver(maintenance);
  const key = maintenance && `${maintenance.updatedAt} ${phaseOf(maintenance)}`;
  return (
    <Box role="region" aria-label="From those who run Openhouse" sx={{ display: "contents" }}>
      {maintenance && key !== undefined && !isDismissed(key) && <MaintenanceBanner maintenance={maintenance} close={() => dismiss(key)} />}
      {over !== undefined && (
        <Banner icon={LEVELS.success.icon} tone="green" close={forget}>
          {over}
        </Banner>
      )}
      {broadcasts
        .filter(({ id }) => !isDismissed(id))
        .map(({ id, level = "info", text }) => (
          <Banner key={id} icon={LEVELS[level].icon} tone={LEVELS[level].tone} close={() => dismiss(id)}>
            {text}
          </Banner>
        ))}
    </Box>
  );
}

/** While it is on it stays: whoever comes then asks why things are slow. */
function MaintenanceBanner({ maintenance, close }: { maintenance: Maintenance; close: () => void }) {
  const now = useNow(true);
  const phase = phaseOf(maintenance);
  return (
    <Banner icon={Wrench} tone={phase === "ahead" ? "blue" : "amber"} close={phase === "on" ? undefined : close} aside={countdown(maintenance, now)}>
      {maintenanceText(maintenance, now)}
    </Banner>
  );
}

interface BannerProps {
  icon: LucideIcon;
  tone: Tone;
  close: (() => void) | undefined;
  aside?: string; // changes each second, so it is not spoken
  children: string;
}

function Banner({ icon: Icon, tone, close, aside, children }: BannerProps) {
  useSpoken(children);
  return (
    <Box
      sx={{
        display: "flex",
        alignItems: "center",
        gap: 1.5,
        px: { xs: 2, md: 4 },
        py: 0.75,
        minHeight: 40,
        borderBottom: 1,
        borderColor: "divider",
        typography: "body2",
        bgcolor: `color-mix(in srgb, ${toneColour(tone)} 9%, var(--mui-palette-background-paper))`,
      }}
    >
      <Box component="span" sx={{ display: "inline-flex", flex: "none", color: toneColour(tone) }}>
        <Icon size={16} aria-hidden />
      </Box>
      <Box sx={{ flex: 1, minWidth: 0, display: "flex", flexWrap: "wrap", columnGap: 1.5, overflowWrap: "anywhere" }}>
        <span>{children}</span>
        {aside && (
          <Box component="span" aria-hidden data-countdown sx={{ fontWeight: 500, whiteSpace: "nowrap" }}>
            {aside}
          </Box>
        )}
      </Box>
      {close && (
        <IconButton onClick={close} aria-label="Close this notice" sx={{ my: -0.5 }}>
          <X size={16} aria-hidden />
        </IconButton>
      )}
    </Box>
  );
}

/** That maintenance is over, in words, until somebody has seen it or there is another. */
function useOver(maintenance: Maintenance | undefined): [over: string | undefined, forget: () => void] {
  const [last, setLast] = useState(maintenance);
  const [over, setOver] = useState<string>();
  if (last !== maintenance) {
    setLast(maintenance);
    setOver(maintenance || !last ? undefined : overText(last, Date.now()));
  }
  return [over, () => setOver(undefined)];
}
