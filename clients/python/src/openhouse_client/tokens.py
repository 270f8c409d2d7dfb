"""Bearer tokens: who gets one when it is needed, and never uses one that has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from openhouse_client.clock import Clock


@dataclass(frozen=True)
class Token:
    text: str
    expires_at: datetime


class TokenSource(Protocol):
    async def __call__(self, *, fresh: bool = False) -> Token:
        """A token that is good for a while. `fresh`: not the one given last. Raises ClientError."""


class TokenCache:
    """Signs in when there is no token yet, when it is about to end, and when the server did not like it."""

    def __init__(
        self,
        sign_in: Callable[[], Awaitable[Token]],
        clock: Clock,
        *,
        margin: timedelta = timedelta(minutes=1),
    ) -> None:
        self._sign_in = sign_in
        self._clock = clock
        self._margin = margin
        self._token: Token | None = None
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, *, fresh: bool = False) -> Token:
        asked_with = self._token
        async with self._one_at_a_time:
            renewed = self._token is not asked_with  # by someone else, while we waited
            if self._token is None or self._ends_soon(self._token) or (fresh and not renewed):
                self._token = await self._sign_in()
            return self._token

    def _ends_soon(self, token: Token) -> bool:
        return token.expires_at - self._clock.now() <= self._margin
