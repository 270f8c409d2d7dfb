// The composition root: settings, issuer, session; then the sign-in page or the app, each loaded when it is needed.

import "@fontsource-variable/inter/wght.css";
import CssBaseline from "@mui/material/CssBaseline";
import { ThemeProvider } from "@mui/material/styles";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { type Config, readConfig } from "./config";
import { cognito } from "./session/cognito";
import { SessionContext, useSessionState } from "./session/context";
import type { Issuer } from "./session/issuer";
import { Session, thisBrowser } from "./session/session";
import { openVault } from "./session/vault";
import { theme } from "./theme/theme";
import { CannotStart, Splash } from "./ui/Splash";
import { startWorker } from "./worker";

/** Who issues tokens. Another issuer is another function in this place. */
const issuerOf: (config: Config) => Issuer = cognito;

const SignIn = lazy(() => import("./screens/SignIn"));
const SignedIn = lazy(() => import("./SignedIn"));

function App() {
  const state = useSessionState();
  switch (state.kind) {
    case "starting":
      return <Splash />;
    case "out":
      return <SignIn why={state.why} />;
    case "in":
      return <SignedIn key={state.person.id} person={state.person} />;
  }
}

async function start(): Promise<React.ReactNode> {
  try {
    const [config, vault] = await Promise.all([readConfig(), openVault()]);
    const session = new Session(issuerOf(config), vault, thisBrowser());
    await session.start();
    return (
      <SessionContext value={{ session, config }}>
        <Suspense fallback={<Splash />}>
          <App />
        </Suspense>
      </SessionContext>
    );
  } catch (error) {
    return <CannotStart error={error} />;
  }
}

const place = document.getElementById("app");
if (!place) throw new Error("index.html has no place for the app.");
const content = await start();
createRoot(place).render(
  <StrictMode>
    <ThemeProvider theme={theme} defaultMode="system" noSsr>
      <CssBaseline />
      {content}
    </ThemeProvider>
  </StrictMode>,
);
startWorker();
