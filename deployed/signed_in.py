"""Someone signed in, for the commands that act as one: watch, load and the benchmark."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext

import httpx

from deployed.endpoints import Endpoints
from deployed.sign_in import Session, renewed, sign_in
from deployed.terminal import CommandFailed
from openhouse_client.clock import SystemClock
from openhouse_client.errors import SignInRefused, Unreachable
from openhouse_client.rest import Rest
from openhouse_client.tokens import Token, TokenCache


@asynccontextmanager
async def signed_in(
    endpoints: Endpoints,
    email: str,
    password: str,
    http: httpx.AsyncClient | None = None,
    *,
    code: Callable[[str], str] | None = None,
) -> AsyncIterator[Rest]:
    """The REST API with the tokens of `email`, who signs in when the first call is made. `code` as for `sign_in`.

    `http` stays open at the end; without one there is one of its own.
    """
    session: Session | None = None

    def renew() -> Session:
        if session is not None and session.refresh_token:
            try:
                return renewed(session, endpoints, email)
            except CommandFailed as failure:
                if failure.__cause__:  # nobody answered
                    raise
        return sign_in(endpoints, email, password, code=code)

    async def token() -> Token:
        nonlocal session
        try:
            session = await asyncio.to_thread(renew)
        except CommandFailed as failure:
            # Its cause, if it has one, is that nobody answered.
            raise (Unreachable if failure.__cause__ else SignInRefused)(str(failure)) from failure
        return Token(session.token, session.expires_at)

    async with nullcontext(http) if http else httpx.AsyncClient(timeout=30) as client:
        yield Rest(endpoints.http_url, TokenCache(token, SystemClock()), client)
