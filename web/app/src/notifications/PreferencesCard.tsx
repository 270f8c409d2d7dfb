// Of what this person wants to be notified, and how. The same on all their devices, but for what a browser allows.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Switch from "@mui/material/Switch";
import Typography from "@mui/material/Typography";
import { usePreferences } from "@openhouse/client/react";
import { useState } from "react";
import { complaintOf } from "../api/complaint";
import { Card } from "../ui/layout";
import { Bars, Failed, Waiting } from "../ui/states";
import { askPermission, permission, type Permission } from "./browserNotices";
import { type Kind, KINDS } from "./kinds";

const NAMES = Object.keys(KINDS) as Kind[];
const UNLESS_SAID = { inApp: true, browser: false };
const GRID = { display: "grid", gridTemplateColumns: "minmax(0, 1fr) 64px 64px", alignItems: "center" } as const;

export function PreferencesCard() {
  const { kinds, isPending, error, change } = usePreferences();
  const [allowed, setAllowed] = useState(permission);
  const [problem, setProblem] = useState("");
  const isWanted = NAMES.some((kind) => kinds[kind]?.browser);

  async function ask(): Promise<Permission> {
    const answer = await askPermission();
    setAllowed(answer);
    return answer;
  }

  async function choose(kind: Kind, how: Partial<typeof UNLESS_SAID>): Promise<void> {
    setProblem("");
    if (how.browser && (await ask()) !== "granted") return;
    try {
      await change({ [kind]: how });
    } catch (why) {
      setProblem(complaintOf(why).message);
    }
  }

  if (isPending) {
    return (
      <Card title="Notifications">
        {error ? (
          <Failed error={error} />
        ) : (
          <Waiting>
            <Bars count={6} height={44} />
          </Waiting>
        )}
      </Card>
    );
  }
  return (
    <Card title="Notifications">
      <Note allowed={allowed} isWanted={isWanted} ask={() => void ask()} />
      {problem && (
        <Alert severity="error" sx={{ mb: 1 }}>
          {problem}
        </Alert>
      )}
      <Box role="table" aria-label="Notifications">
        <Box role="row" sx={{ ...GRID, typography: "caption", fontWeight: 500, color: "text.secondary" }}>
          <span role="columnheader">Of what</span>
          <Box component="span" role="columnheader" sx={{ textAlign: "center" }}>
            Here
          </Box>
          <Box component="span" role="columnheader" sx={{ textAlign: "center" }}>
            Browser
          </Box>
        </Box>
        {NAMES.map((kind) => {
          const { label, about } = KINDS[kind];
          const { inApp, browser } = kinds[kind] ?? UNLESS_SAID;
          return (
            <Box role="row" key={kind} sx={{ ...GRID, minHeight: 44, py: 0.5, borderTop: 1, borderColor: "divider" }}>
              <Box role="rowheader">
                {label}
                <Typography variant="body2" color="textSecondary">
                  {about}
                </Typography>
              </Box>
              <Box role="cell" sx={{ textAlign: "center" }}>
                <Switch
                  checked={inApp}
                  onChange={({ target }) => void choose(kind, { inApp: target.checked })}
                  slotProps={{ input: { "aria-label": `${label}, here` } }}
                />
              </Box>
              <Box role="cell" sx={{ textAlign: "center" }}>
                <Switch
                  checked={inApp && browser}
                  disabled={!inApp || allowed === "unsupported" || (allowed === "denied" && !browser)}
                  onChange={({ target }) => void choose(kind, { browser: target.checked })}
                  slotProps={{ input: { "aria-label": `${label}, by the browser` } }}
                />
              </Box>
            </Box>
          );
        })}
      </Box>
    </Card>
  );
}

function Note({ allowed, isWanted, ask }: { allowed: Permission; isWanted: boolean; ask: () => void }) {
  if (allowed === "denied") {
    return (
      <Alert severity="warning" sx={{ mb: 1 }}>
        This browser blocks notifications from Openhouse. You can change that in its site settings.
      </Alert>
    );
  }
  if (allowed === "default" && isWanted) {
    return (
      <Alert
        severity="info"
        sx={{ mb: 1 }}
        action={
          <Button size="small" color="inherit" onClick={ask}>
            Allow
          </Button>
        }
      >
        On this device the browser has not been allowed to show them yet.
      </Alert>
    );
  }
  return (
    <Typography color="textSecondary" sx={{ mb: 1 }}>
      {allowed === "unsupported"
        ? "Here, in the list at the bell. This browser has no notifications of its own."
        : "Here, in the list at the bell; and from the browser, while you have no Openhouse page in view."}
    </Typography>
  );
}
