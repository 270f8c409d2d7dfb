"""Behind a gateway that ends sockets as API Gateway does, but within seconds: the idle ones, and the old ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from openhouse_client.environment import Timings
from openhouse_client.listener import Status
from openhouse_client.websocket import Socket, open_websocket
from tests.e2e.conftest import Caller
from tests.e2e.listening import Listening, listening

LONG = 3_600.0


class Limits:
    """Passes everything on, for at most `age` seconds, and no longer than it is used within every `idle` seconds."""

    def __init__(self, *, idle: float = LONG, age: float = LONG) -> None:
        self.sockets = 0
        self.ended: list[str] = []  # why, for those that met a limit
        self._idle = idle
        self._age = age
        self._behind = self._before = ""

    @asynccontextmanager
    async def enforced(self) -> AsyncIterator[Limits]:
        async with serve(self._pass_on, "127.0.0.1", 0, ping_interval=None) as server:
            self._before = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield self

    async def connect(self, url: str) -> Socket:
        behind = urlsplit(url)
        self._behind = f"ws://{behind.netloc}"
        return await open_websocket(behind._replace(netloc=self._before).geturl())

    async def _pass_on(self, near: ServerConnection) -> None:
        assert near.request
        self.sockets += 1
        async with connect(self._behind + near.request.path, open_timeout=30, ping_interval=None) as far:
            try:
                async with asyncio.timeout(self._age), asyncio.timeout(self._idle) as idle:
                    ways = self._pump(near, far, idle), self._pump(far, near, idle)
                    both = [asyncio.create_task(way) for way in ways]
                    try:
                        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                    finally:
                        for task in both:
                            task.cancel()
            except TimeoutError:
                self.ended.append("idle" if idle.expired() else "age")
                await near.close(1001, "Going away")

    async def _pump(
        self,
        source: ServerConnection | ClientConnection,
        target: ServerConnection | ClientConnection,
        idle: asyncio.Timeout,
    ) -> None:
        try:
            async for text in source:
                await target.send(text)
                idle.reschedule(asyncio.get_running_loop().time() + self._idle)
        except ConnectionClosed:
            pass  # as if it had said goodbye


async def equals_the_server(listener: Listening) -> bool:
    heads = (await listener.rest.page("escrows", limit=1)).positions
    await listener.until(partial(listener.reached, heads))
    return listener.heard_each_once(heads) and listener.held() == await listener.fresh()


def test_a_session_outlives_socket_after_socket_and_nobody_notices(ava: Caller, ben: Caller) -> None:
    async def run() -> None:
        timings = Timings(rotate=4)
        async with (
            Limits(age=8).enforced() as limits,
            listening(ben, timings=timings, connect=limits.connect) as listener,
        ):
            made = await asyncio.to_thread(ava.create)
            number = 0
            while limits.sockets < 6:
                number += 1
                await asyncio.to_thread(ava, "PATCH", f"/escrows/{made['id']}", {"notes": f"note {number}"})
            assert await equals_the_server(listener)
            assert len(listener.heard) == number + 1
            assert listener.statuses == [Status.CONNECTING, Status.CONNECTED]
            assert listener.recoveries == []
            assert limits.ended == []

    asyncio.run(run())


def test_a_session_with_nothing_to_say_is_never_idle(ava: Caller, ben: Caller) -> None:
    async def run() -> None:
        async with (
            Limits(idle=3).enforced() as limits,
            listening(ben, timings=Timings(silence=0.5), connect=limits.connect) as listener,
        ):
            await asyncio.sleep(9)
            assert (limits.sockets, limits.ended) == (1, [])
            await asyncio.to_thread(ava.create)
            assert await equals_the_server(listener)
            assert listener.statuses == [Status.CONNECTING, Status.CONNECTED]

    asyncio.run(run())


def test_a_session_that_was_idle_too_long_comes_back_with_all_that_was_committed_meanwhile(
    ava: Caller, ben: Caller
) -> None:
    async def run() -> None:
        async with (
            Limits(idle=4).enforced() as limits,
            listening(ben, timings=Timings(silence=LONG), connect=limits.connect) as listener,
        ):
            listener.cable.plugged = False  # or it would be back before anyone has changed anything
            listener.states.clear()
            await listener.until(lambda: bool(listener.states))
            assert limits.ended[-1] == "idle"
            assert listener.states[0].status is Status.OFFLINE
            assert listener.states[0].reason == "the server closed the socket (1001: Going away)"
            for _ in range(3):
                await asyncio.to_thread(ava.create)
            listener.cable.mend()
            await listener.until(lambda: listener.statuses[-1] is Status.CONNECTED)
            assert await equals_the_server(listener)
            assert {"team:north": 3} in [recovered.missed for recovered in listener.recoveries]

    asyncio.run(run())
