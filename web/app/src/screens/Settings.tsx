import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import FormControlLabel from "@mui/material/FormControlLabel";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import { useColorScheme } from "@mui/material/styles";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { BADGES, type BadgeDesign } from "../live/connectionWords";
import { useSignOut } from "../live/useSignOut";
import { useMe } from "../modules/data";
import { PreferencesCard } from "../notifications/PreferencesCard";
import { useSession } from "../session/context";
import { useBadgeDesign } from "../shell/preferences";
import type { Mode } from "../theme/theme";
import { Card, Page } from "../ui/layout";
import { words } from "../ui/words";
import { Authenticator } from "./Authenticator";
import { TimeZone } from "./TimeZone";

const MODES: Record<Mode, string> = { system: "As this machine has it", light: "Light", dark: "Dark" };

export default function Settings() {
  const { mode = "system", setMode } = useColorScheme();
  return (
    <Page title="Settings" narrow>
      <Box sx={{ display: "grid", gap: 2 }}>
        <You />
        <Card title="Theme">
          <RadioGroup aria-label="Theme" value={mode} onChange={(event) => setMode(event.target.value as Mode)}>
            {Object.entries(MODES).map(([value, label]) => (
              <FormControlLabel key={value} value={value} control={<Radio />} label={label} />
            ))}
          </RadioGroup>
        </Card>
        <PreferencesCard />
        <ConnectionCard />
        <TimeZone />
        <Authenticator />
        <Sessions />
      </Box>
    </Page>
  );
}

function ConnectionCard() {
  const [design, setDesign] = useBadgeDesign();
  return (
    <Card title="How the connection is shown">
      <RadioGroup
        aria-label="How the connection is shown"
        value={design}
        onChange={(event) => setDesign(event.target.value as BadgeDesign)}
      >
        {Object.entries(BADGES).map(([value, label]) => (
          <FormControlLabel key={value} value={value} control={<Radio />} label={label} />
        ))}
      </RadioGroup>
    </Card>
  );
}

function You() {
  const { data } = useMe();
  return (
    <Card title="You">
      <Typography>{data?.name ?? " "}</Typography>
      <Typography color="textSecondary">
        {data ? `${data.email} · ${words(data.role)}` : " "}
      </Typography>
    </Card>
  );
}

function Sessions() {
  const session = useSession();
  const signOut = useSignOut();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function everywhere(): Promise<void> {
    setBusy(true);
    setProblem("");
    try {
      if (!(await signOut({ everywhere: true }))) setBusy(false);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "This did not work.");
      setBusy(false);
    }
  }

  return (
    <Card title="Where you are signed in">
      <Typography color="textSecondary" sx={{ mb: 2 }}>
        A lost phone or a borrowed machine: this ends all your sessions, the one here too. A page that is open somewhere
        ends within the hour.
      </Typography>
      {problem && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {problem}
        </Alert>
      )}
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
        <Button variant="outlined" disabled={busy} onClick={() => void signOut()}>
          Sign out here
        </Button>
        {session.issuer.signOutEverywhere && (
          <Button variant="outlined" color="error" disabled={busy} onClick={() => void everywhere()}>
            Sign out everywhere
          </Button>
        )}
      </Box>
    </Card>
  );
}
