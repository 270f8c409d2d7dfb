/** What can go wrong. `retryable`: the same may succeed later, without anyone changing anything. */

export interface ErrorOptions {
  readonly retryable?: boolean;
  /** Milliseconds for which the server asks for patience. */
  readonly retryAfter?: number;
}

/** Its message is a sentence for a person; `code` is stable: the server's, or one of ours. */
export class ClientError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfter: number;

  constructor(code: string, message: string, { retryable = true, retryAfter = 0 }: ErrorOptions = {}) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }
}

/** A request over the socket that the server answered with an error. */
export class Refused extends ClientError {}

/** A REST answer of 400 and above (RFC 9457). `content` holds what else the server says: `errors`, `current`. */
export class Problem extends ClientError {
  readonly status: number;
  readonly content: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: ErrorOptions,
    content: Readonly<Record<string, unknown>> = {},
  ) {
    super(code, message, options);
    this.status = status;
    this.content = content;
  }
}

/** The server said something that the protocol does not allow. A new connection may find it in better shape. */
export function protocolError(message: string): ClientError {
  return new ClientError("protocol", message);
}

/** Connecting again is of no use. A new ticket puts two refusals right, though the same request never would. */
export function fatal(error: ClientError): boolean {
  return !error.retryable && error.code !== "session_expired" && error.code !== "ticket_invalid";
}

export function asClientError(error: unknown): ClientError {
  return error instanceof ClientError ? error : new ClientError("client", String(error));
}
