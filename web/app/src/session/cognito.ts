// Cognito's own API over fetch: no SDK. On AWS and in the emulator alike.

import type { Config } from "../config";
import { type Issuer, Refused, type Step, type Tokens, tokensOf } from "./issuer";

interface Result {
  IdToken: string;
  AccessToken: string;
  RefreshToken?: string;
}

interface Answer {
  AuthenticationResult?: Result;
  ChallengeName?: string;
  Session?: string;
}

const SENTENCES: Record<string, string> = {
  UserNotFoundException: "This e-mail address and password do not belong together.",
  PasswordResetRequiredException: "You need a new password: choose “Forgotten your password?”.",
  CodeMismatchException: "This is not the right code.",
  EnableSoftwareTokenMFAException: "This is not the right code.",
  ExpiredCodeException: "This code is too old. Ask for a new one.",
  LimitExceededException: "Too many tries. Wait a few minutes, then try again.",
  TooManyRequestsException: "Too many tries. Wait a moment, then try again.",
  TooManyFailedAttemptsException: "Too many tries. Wait a few minutes, then try again.",
  InvalidPasswordException:
    "A password has at least 12 characters, among them small and capital letters, a digit and a symbol.",
};

/** That the service has too much to do says nothing of the session. */
const LATER = new Set(["LimitExceededException", "TooManyRequestsException", "TooManyFailedAttemptsException"]);

export function cognito(config: Config, clock: () => number = Date.now): Issuer {
  const { cognitoUrl, clientId: ClientId } = config;

  async function call<T>(action: string, body: Record<string, unknown>): Promise<T> {
    const response = await fetch(`${cognitoUrl}/`, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": `AWSCognitoIdentityProviderService.${action}`,
      },
      body: JSON.stringify(body),
      credentials: "omit",
    });
    const answer = (await response.json().catch(() => ({}))) as { __type?: string; message?: string };
    if (response.ok) return answer as T;
    if (response.status >= 500) throw new Error("The sign-in service has a problem. Try again.");
    throw refusal(action, answer);
  }

  function tokens(result: Result, refresh = result.RefreshToken): Tokens {
    return tokensOf(result.IdToken, clock(), { access: result.AccessToken, ...(refresh ? { refresh } : {}) });
  }

  function step(email: string, answer: Answer): Step {
    const { AuthenticationResult: result, ChallengeName, Session } = answer;
    if (result) return { kind: "done", tokens: tokens(result) };
    const respond = async (named: Record<string, string>): Promise<Step> =>
      step(
        email,
        await call<Answer>("RespondToAuthChallenge", {
          ClientId,
          ChallengeName,
          Session,
          ChallengeResponses: { USERNAME: email, ...named },
        }),
      );
    switch (ChallengeName) {
      case "NEW_PASSWORD_REQUIRED":
        return { kind: "newPassword", answer: (password) => respond({ NEW_PASSWORD: password }) };
      case "SOFTWARE_TOKEN_MFA":
        return { kind: "code", answer: (code) => respond({ SOFTWARE_TOKEN_MFA_CODE: code }) };
      default:
        throw new Refused(`This app cannot answer what is asked for: ${ChallengeName ?? "nothing"}.`, "challenge");
    }
  }

  const accessOf = (held: Tokens): string => held.access ?? "";

  return {
    async signIn(email, password) {
      const AuthParameters = { USERNAME: email, PASSWORD: password };
      return step(
        email,
        await call<Answer>("InitiateAuth", { ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters }),
      );
    },
    async renew(held) {
      if (!held.refresh) throw new Refused("Your session has ended.", "NotAuthorizedException");
      const answer = await call<Answer>("GetTokensFromRefreshToken", { ClientId, RefreshToken: held.refresh }).catch((error: unknown) => {
        throw error instanceof Refused && LATER.has(error.code) ? new Error(error.message) : error;
      });
      if (!answer.AuthenticationResult) throw new Error("The sign-in service answers without tokens.");
      return tokens(answer.AuthenticationResult, answer.AuthenticationResult.RefreshToken ?? held.refresh);
    },
    async signOut(held) {
      if (held.refresh) await call("RevokeToken", { ClientId, Token: held.refresh });
    },
    async signOutEverywhere(held) {
      await call("GlobalSignOut", { AccessToken: accessOf(held) });
    },
    forgotten: {
      async send(email) {
        await call("ForgotPassword", { ClientId, Username: email });
      },
      async confirm(email, code, password) {
        const request = { ClientId, Username: email, ConfirmationCode: code, Password: password };
        await call("ConfirmForgotPassword", request);
      },
    },
    authenticator: {
      async isOn(held) {
        const user = await call<{ UserMFASettingList?: string[] }>("GetUser", { AccessToken: accessOf(held) });
        return user.UserMFASettingList?.includes("SOFTWARE_TOKEN_MFA") ?? false;
      },
      async begin(held) {
        const request = { AccessToken: accessOf(held) };
        return (await call<{ SecretCode: string }>("AssociateSoftwareToken", request)).SecretCode;
      },
      async confirm(held, code) {
        const AccessToken = accessOf(held);
        await call("VerifySoftwareToken", { AccessToken, UserCode: code, FriendlyDeviceName: "Openhouse" });
        await call("SetUserMFAPreference", {
          AccessToken,
          SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
        });
      },
      async end(held) {
        await call("SetUserMFAPreference", {
          AccessToken: accessOf(held),
          SoftwareTokenMfaSettings: { Enabled: false, PreferredMfa: false },
        });
      },
    },
  };
}

function refusal(action: string, answer: { __type?: string; message?: string }): Refused {
  const code = (answer.__type ?? "").split("#").pop() ?? "";
  return new Refused(SENTENCES[code] ?? ownWords(action, code, answer.message ?? ""), code);
}

/** Of refusals that mean different things in different places. */
function ownWords(action: string, code: string, message: string): string {
  if (code !== "NotAuthorizedException") return message || "The sign-in service refuses this.";
  if (message.includes("attempts exceeded")) return "Too many tries. Wait a few minutes, then try again.";
  if (message.includes("emporary password")) return "This first password is too old. Ask for a new invitation.";
  if (message.includes("disabled")) return "This login is closed. Ask your administrator.";
  switch (action) {
    case "InitiateAuth":
      return "This e-mail address and password do not belong together.";
    case "RespondToAuthChallenge":
      return "This took too long. Sign in once more.";
    default:
      return "Your session has ended. Sign in again.";
  }
}
