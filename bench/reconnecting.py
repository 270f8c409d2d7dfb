"""How a crowd returns over real sockets: real sessions, and a small server that cuts them all at once."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from deployed.terminal import CommandFailed
from openhouse_client.environment import Environment
from openhouse_client.listener import Listener
from openhouse_client.rest import Ticket
from openhouse_client.session import Session
from openhouse_client.websocket import Socket, open_websocket

ROOM, HEAD = "team:north", {"epoch": "1", "seq": 0}
PATIENCE = 60.0  # seconds


class _Server:
    """One room in which nothing happens."""

    def __init__(self) -> None:
        self.joined: set[ServerConnection] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Yields its address."""
        async with serve(self._handle, "127.0.0.1", 0, backlog=1_024, ping_interval=None) as server:
            yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """Whoever joins from now on has come back."""
        for socket in self.joined:
            socket.transport.abort()
        self.joined.clear()

    async def count(self, sockets: int) -> None:
        """Returns once so many have joined."""
        try:
            async with asyncio.timeout(PATIENCE):
                while len(self.joined) != sockets:  # noqa: ASYNC110 - it is the end of the measurement, not a part
                    await asyncio.sleep(0.01)
        except TimeoutError as error:
            raise CommandFailed(f"After {PATIENCE:.0f} s, {len(self.joined)} of {sockets} are connected.") from error

    async def _handle(self, socket: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            async for text in socket:
                message = json.loads(text)
                rooms = {ROOM: {**HEAD, "reset": ROOM not in message.get("positions", {})}}
                await socket.send(json.dumps({"reply": message["id"], "ok": True, "rooms": rooms, "more": False}))
                if message["action"] == "sync":
                    self.joined.add(socket)
        self.joined.discard(socket)


async def tries_after_a_cut(sessions: int, chance: Callable[[], float] = random.random) -> Sequence[float]:
    """When each attempt to connect began, in seconds since the cut, until all are back."""
    server = _Server()
    tries: list[float] = []

    async def connect(url: str) -> Socket:
        tries.append(time.perf_counter())
        return await open_websocket(url)

    async with server.running() as url:

        async def ticket(*, fresh: bool = False) -> Ticket:  # noqa: ARG001 - there is no token that could end
            return Ticket(url, "", datetime.now(UTC) + timedelta(hours=1))

        environment = Environment(connect=connect, random=chance)
        crowd = [Session(ticket, Listener(), environment=environment) for _ in range(sessions)]
        async with asyncio.TaskGroup() as tasks:
            for session in crowd:
                tasks.create_task(session.run())
            await server.count(sessions)
            tries.clear()
            cut = time.perf_counter()
            server.cut()
            await server.count(sessions)
            await asyncio.gather(*(session.close() for session in crowd))
    return [tried - cut for tried in tries]
