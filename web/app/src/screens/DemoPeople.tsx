import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import type { Config, DemoPerson } from "../config";
import { Avatar } from "../ui/Avatar";
import { words } from "../ui/words";

interface Props {
  demo: NonNullable<Config["demo"]>;
  choose: (person: DemoPerson) => Promise<void>;
}

/** The people of the local run: one click, and one is them. */
export function DemoPeople({ demo, choose }: Props) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  async function take(person: DemoPerson): Promise<void> {
    setBusy(true);
    setError("");
    try {
      await choose(person);
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : "This did not work.");
    } finally {
      setBusy(false);
    }
  }

  return (
    <Box
      component="section"
      aria-label="Demo people"
      sx={{ bgcolor: "raised", p: { xs: 2, sm: 3 }, borderLeft: { md: 1 }, borderTop: { xs: 1, md: 0 }, borderColor: { xs: "divider", md: "divider" } }}
    >
      <Typography variant="h3" component="h2" sx={{ px: 1 }}>
        Or be someone of {demo.brokerage}
      </Typography>
      <Typography variant="body2" color="textSecondary" sx={{ px: 1, mb: 1 }}>
        This is a local run: one click signs in. <Link href="/about" underline="always">About it</Link>
      </Typography>
      {error && <Alert severity="error">{error}</Alert>}
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: "none" }}>
        {demo.people.map((person) => (
          <li key={person.email}>
            <ButtonBase
              disabled={busy}
              onClick={() => void take(person)}
              sx={{
                width: "100%",
                minHeight: 44,
                justifyContent: "flex-start",
                textAlign: "left",
                gap: 1.5,
                px: 1,
                borderRadius: "6px",
                "&:hover": { bgcolor: "background.paper" },
              }}
            >
              <Avatar name={person.name} size={28} />
              <Box component="span" sx={{ flex: 1, fontWeight: 500 }}>
                {person.name}
              </Box>
              <Typography component="span" variant="body2" color="textSecondary">
                {words(person.role)}
                {person.teams ? ` · ${person.teams}` : ""}
              </Typography>
            </ButtonBase>
          </li>
        ))}
      </Box>
    </Box>
  );
}
