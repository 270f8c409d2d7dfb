// Signing in, with all that may stand between a person and their work: a first password, a code, a forgotten password.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import Link from "@mui/material/Link";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { type FormEvent, type ReactNode, useState } from "react";
import { useConfig, useSession } from "../session/context";
import { Refused, type Step } from "../session/issuer";
import type { Why } from "../session/session";
import { Brand } from "../ui/Brand";
import { useTitle } from "../ui/layout";
import { DemoPeople } from "./DemoPeople";

type View =
  | { kind: "password" }
  | { kind: "forgotten" }
  | { kind: "reset"; email: string }
  | Extract<Step, { kind: "newPassword" | "code" }>;

const RULES = "At least 12 characters, among them small and capital letters, a digit and a symbol.";

const WHY: Record<Why, string> = {
  nobody: "",
  here: "",
  elsewhere: "You have signed out in another tab of this browser.",
  ended: "Your session has ended. Sign in again to go on where you were: nothing that you typed is lost.",
};

export default function SignIn({ why }: { why: Why }) {
  useTitle("Sign in");
  const session = useSession();
  const { demo } = useConfig();
  const [view, setView] = useState<View>({ kind: "password" });
  const [email, setEmail] = useState("");
  const [stay, setStay] = useState(true);
  const [notice, setNotice] = useState(WHY[why]);

  async function take(step: Step): Promise<void> {
    if (step.kind === "done") await session.begin(step.tokens, stay);
    else setView(step);
  }

  async function withPassword(address: string, password: string): Promise<void> {
    setEmail(address);
    await take(await session.issuer.signIn(address, password));
  }

  function show(next: View, message = ""): void {
    setView(next);
    setNotice(message);
  }

  const back = (
    <Button onClick={() => show({ kind: "password" })} color="inherit">
      Back to sign-in
    </Button>
  );

  return (
    <Box
      component="main"
      sx={{
        minHeight: "100dvh",
        display: "grid",
        alignContent: { xs: "start", sm: "center" },
        justifyItems: "center",
        px: 2,
        py: { xs: 3, sm: 6 },
      }}
    >
      <Box
        sx={{
          width: "100%",
          maxWidth: demo ? 860 : 420,
          display: "grid",
          gridTemplateColumns: { xs: "minmax(0, 1fr)", md: demo ? "minmax(0, 1fr) 360px" : "minmax(0, 1fr)" },
          bgcolor: "background.paper",
          border: 1,
          borderColor: "divider",
          borderRadius: "10px",
          overflow: "hidden",
        }}
      >
        <Box sx={{ p: { xs: 3, sm: 5 } }}>
          <Brand />
          {notice && (
            <Alert severity="info" sx={{ mt: 3 }}>
              {notice}
            </Alert>
          )}
          {view.kind === "password" && (
            <Form
              title="Sign in"
              submit="Sign in"
              onSubmit={(form) => withPassword(text(form, "email"), secret(form, "password"))}
            >
              <TextField
                label="E-mail"
                name="email"
                type="email"
                autoComplete="username"
                defaultValue={email}
                required
                autoFocus
              />
              <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
              <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "space-between" }}>
                <FormControlLabel
                  control={<Checkbox checked={stay} onChange={(event) => setStay(event.target.checked)} />}
                  label="Stay signed in"
                />
                {session.issuer.forgotten && (
                  <Link component="button" type="button" variant="body1" onClick={() => show({ kind: "forgotten" })}>
                    Forgotten your password?
                  </Link>
                )}
              </Box>
            </Form>
          )}
          {view.kind === "newPassword" && (
            <Form
              title="Choose your password"
              about="The one that you were sent was for this first time only."
              submit="Save and sign in"
              after={back}
              onSubmit={async (form) => take(await view.answer(newPassword(form)))}
            >
              <NewPassword email={email} />
            </Form>
          )}
          {view.kind === "code" && (
            <Form
              title="Your code"
              about="Type the six digits that your authenticator app shows now."
              submit="Sign in"
              after={back}
              onSubmit={async (form) => take(await view.answer(digits(form)))}
            >
              <CodeField />
            </Form>
          )}
          {view.kind === "forgotten" && (
            <Form
              title="Forgotten your password?"
              about="We send a code to your e-mail address. With it you choose a new one."
              submit="Send the code"
              after={back}
              onSubmit={async (form) => {
                const address = text(form, "email");
                setEmail(address);
                await session.issuer.forgotten?.send(address);
                show({ kind: "reset", email: address });
              }}
            >
              <TextField
                label="E-mail"
                name="email"
                type="email"
                autoComplete="username"
                defaultValue={email}
                required
                autoFocus
              />
            </Form>
          )}
          {view.kind === "reset" && (
            <Form
              title="Choose a new password"
              about={`If ${view.email} is known here, a code is on its way to it.`}
              submit="Save and sign in"
              after={back}
              onSubmit={async (form) => {
                const password = newPassword(form);
                await session.issuer.forgotten?.confirm(view.email, digits(form), password);
                await withPassword(view.email, password);
              }}
            >
              <CodeField />
              <NewPassword email={view.email} />
            </Form>
          )}
        </Box>
        {demo && <DemoPeople demo={demo} choose={(person) => withPassword(person.email, demo.password)} />}
      </Box>
    </Box>
  );
}

interface FormProps {
  title: string;
  about?: string;
  submit: string;
  after?: ReactNode;
  onSubmit: (form: FormData) => Promise<void>;
  children: ReactNode;
}

function Form({ title, about, submit, after, onSubmit, children }: FormProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  async function send(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError("");
    try {
      await onSubmit(new FormData(event.currentTarget));
    } catch (problem) {
      setError(sentence(problem));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Box component="form" onSubmit={(event) => void send(event)} sx={{ display: "grid", gap: 2, mt: 4, "& .MuiFormLabel-asterisk": { display: "none" } }}>
      <Box sx={{ mb: 1 }}>
        <Typography variant="h1">{title}</Typography>
        {about && (
          <Typography color="textSecondary" sx={{ mt: 1 }}>
            {about}
          </Typography>
        )}
      </Box>
      {error && <Alert severity="error">{error}</Alert>}
      {children}
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
        <Button type="submit" variant="contained" aria-busy={busy} disabled={busy}>
          {submit}
        </Button>
        {after}
      </Box>
    </Box>
  );
}

function CodeField() {
  return (
    <TextField
      label="Code"
      name="code"
      required
      autoFocus
      autoComplete="one-time-code"
      slotProps={{ htmlInput: { inputMode: "numeric", maxLength: 12 } }}
    />
  );
}

function NewPassword({ email }: { email: string }) {
  return (
    <>
      <input type="email" name="username" autoComplete="username" defaultValue={email} hidden readOnly />
      <TextField
        label="New password"
        name="new"
        type="password"
        autoComplete="new-password"
        required
        helperText={RULES}
      />
      <TextField label="New password once more" name="again" type="password" autoComplete="new-password" required />
    </>
  );
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

function digits(form: FormData): string {
  return text(form, "code").replaceAll(/\s/g, "");
}

/** As it was typed: a space belongs to a password. */
function secret(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

function newPassword(form: FormData): string {
  const first = secret(form, "new");
  if (first !== secret(form, "again")) throw new Refused("The two passwords differ.", "differ");
  return first;
}

export function sentence(problem: unknown): string {
  if (problem instanceof TypeError) return "The sign-in service cannot be reached. Check your connection.";
  return problem instanceof Error ? problem.message : "Something went wrong.";
}
