// What the app needs of whoever issues tokens. Another issuer is another function that returns an Issuer (main.tsx).

export interface Person {
  id: string;
  email: string;
  name: string;
}

export interface Tokens {
  bearer: string; // what the API takes
  expiresAt: number; // in milliseconds, by this browser's clock, however wrong that is
  person: Person;
  refresh?: string;
  access?: string; // what the issuer itself takes
}

export type Step =
  | { kind: "done"; tokens: Tokens }
  | { kind: "newPassword"; answer: (password: string) => Promise<Step> }
  | { kind: "code"; answer: (code: string) => Promise<Step> };

/** Each refuses with `Refused`; any other error is a failure of the network, and may be tried again. */
export interface Issuer {
  signIn(email: string, password: string): Promise<Step>;
  renew(tokens: Tokens): Promise<Tokens>;
  signOut(tokens: Tokens): Promise<void>;
  signOutEverywhere?(tokens: Tokens): Promise<void>;
  forgotten?: {
    send(email: string): Promise<void>;
    confirm(email: string, code: string, password: string): Promise<void>;
  };
  authenticator?: {
    isOn(tokens: Tokens): Promise<boolean>;
    begin(tokens: Tokens): Promise<string>; // the secret that the person's authenticator app is given
    confirm(tokens: Tokens, code: string): Promise<void>;
    end(tokens: Tokens): Promise<void>;
  };
}

/** The issuer says no. The message is a sentence for the person. */
export class Refused extends Error {
  override name = "Refused";
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** What a JSON web token says of itself. It is the API's business to verify it. */
function claimsOf(token: string): Record<string, unknown> {
  const part = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(part), (letter) => letter.codePointAt(0) ?? 0);
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
}

/** `now`: when the token came, in milliseconds. */
export function tokensOf(bearer: string, now: number, more: Pick<Tokens, "refresh" | "access"> = {}): Tokens {
  const { sub, email, name, exp, iat } = claimsOf(bearer);
  const seconds = typeof exp === "number" && typeof iat === "number" ? exp - iat : 300;
  const address = typeof email === "string" ? email : "";
  return {
    bearer,
    expiresAt: now + seconds * 1000,
    person: { id: String(sub), email: address, name: typeof name === "string" && name ? name : address },
    ...more,
  };
}
