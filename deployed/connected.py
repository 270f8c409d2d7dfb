"""A client with a copy of what it can see, connected for as long as somebody needs it; and its line, to be cut."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from openhouse_client.environment import Environment, Timings
from openhouse_client.errors import Unreachable
from openhouse_client.listener import Status
from openhouse_client.replica import Replica
from openhouse_client.rest import Rest
from openhouse_client.session import Session
from openhouse_client.websocket import Connect, Socket, open_websocket

PATIENCE = 120.0  # seconds to connect and to load everything


class Cable:
    """The line between a client and the server, which can break without a goodbye, and be unplugged."""

    def __init__(self, connect: Connect = open_websocket) -> None:
        self.plugged = True
        self.tries: list[float] = []  # when, by `time.monotonic`
        self._connect = connect
        self._sockets: list[Any] = []

    async def connect(self, url: str) -> Socket:
        self.tries.append(time.monotonic())
        if not self.plugged:
            raise Unreachable("the cable is cut")
        socket = await self._connect(url)
        self._sockets.append(socket)
        return socket

    def snap(self) -> None:
        """Whatever is connected breaks; the next connection may work."""
        for socket in self._sockets:
            socket._connection.transport.abort()  # noqa: SLF001 - a cable that is cut says no goodbye
        self._sockets.clear()

    def cut(self) -> None:
        self.plugged = False
        self.snap()

    def mend(self) -> None:
        self.plugged = True


@asynccontextmanager
async def connected(
    replica: Replica,
    rest: Rest,
    cable: Cable,
    timings: Timings = Timings(),  # noqa: B008 - it cannot be changed
    *,
    patience: float = PATIENCE,
) -> AsyncIterator[Session]:
    """Yields once everything that was there before is loaded, or the session has ended. Raises TimeoutError."""
    session = Session(rest.ticket, replica, timings=timings, environment=Environment(connect=cable.connect))
    tasks = [asyncio.create_task(session.run()), asyncio.create_task(replica.fetch_wanted())]
    try:
        async with asyncio.timeout(patience):
            while not (session.state.status is Status.CONNECTED or tasks[0].done()):  # noqa: ASYNC110 - nobody says so
                await asyncio.sleep(0.02)
        yield session
    finally:
        await session.close()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
