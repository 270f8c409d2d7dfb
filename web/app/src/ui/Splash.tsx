import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { Brand } from "./Brand";
import { Waiting } from "./states";

/** While the first of the app's code is on its way. */
export function Splash() {
  return (
    <Box sx={{ minHeight: "100dvh", display: "grid", placeItems: "center" }}>
      <Waiting>
        <Brand size={40} name={false} />
      </Waiting>
    </Box>
  );
}

/** The server did not even say where it is. */
export function CannotStart({ error }: { error: unknown }) {
  return (
    <Box component="main" role="alert" sx={{ minHeight: "100dvh", display: "grid", placeContent: "center", justifyItems: "center", gap: 2, p: 3 }}>
      <Brand size={40} />
      <Typography variant="h1">Openhouse cannot start</Typography>
      <Typography color="textSecondary">
        {error instanceof Error ? error.message : "The server cannot be reached."}
      </Typography>
      <Button variant="contained" onClick={() => location.reload()}>
        Try again
      </Button>
    </Box>
  );
}
