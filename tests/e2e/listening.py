"""People who listen with the model client and hold a copy of everything they can see."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from local.client.backoff import Backoff
from local.client.clock import SystemClock
from local.client.errors import Unreachable
from local.client.listener import Recovered
from local.client.mirror import Mirror
from local.client.protocol import Commit
from local.client.rest import Rest
from local.client.session import Session, Surroundings
from local.client.tokens import Token
from local.client.websocket import Socket, open_websocket
from tests.e2e.conftest import Caller


class Cable:
    """The line between a client and the server, which can be cut without a goodbye and stay cut."""

    def __init__(self) -> None:
        self._cut = False
        self._sockets: list[Any] = []

    async def connect(self, url: str) -> Socket:
        if self._cut:
            raise Unreachable("the cable is cut")
        socket = await open_websocket(url)
        self._sockets.append(socket)
        return socket

    def cut(self) -> None:
        self._cut = True
        self._sockets[-1]._connection.transport.abort()

    def mend(self) -> None:
        self._cut = False


class Listening(Mirror):
    """A copy of the escrows, and everything that was heard on the way."""

    def __init__(self, rest: Rest, cable: Cable) -> None:
        super().__init__(rest, {"escrow": "escrows"}, clock=SystemClock(), backoff=Backoff(random.random))
        self.rest = rest
        self.cable = cable
        self.heard: list[Commit] = []
        self.recoveries: list[Recovered] = []

    def commit(self, commit: Commit) -> None:
        self.heard.append(commit)
        super().commit(commit)

    def recovered(self, recovered: Recovered) -> None:
        self.recoveries.append(recovered)

    async def fresh(self) -> dict[str, Any]:
        """What the server lists now, by id."""
        return {item["id"]: item async for page in self.rest.pages("escrows") for item in page.items}

    async def until(self, happened: Callable[[], bool], seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while not happened():  # noqa: ASYNC110 - some of it nobody announces
                await asyncio.sleep(0.02)


@asynccontextmanager
async def listening(caller: Caller) -> AsyncIterator[Listening]:
    """Connected, with everything loaded that was there before."""

    async def token(*, fresh: bool = False) -> Token:
        return Token(caller.token, datetime.now(UTC) + timedelta(minutes=30))

    async with httpx.AsyncClient(timeout=30) as http:
        rest = Rest(caller.base_url, token, http)
        cable = Cable()
        mirror = Listening(rest, cable)
        session = Session(rest.ticket, mirror, surroundings=Surroundings(connect=cable.connect))
        tasks = [asyncio.create_task(session.run()), asyncio.create_task(mirror.fetch_wanted())]
        try:
            await mirror.until(lambda: session.state.status.value == "connected" or tasks[0].done())
            yield mirror
        finally:
            await session.close()
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
