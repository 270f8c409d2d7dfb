"""A server in memory that speaks the socket protocol, over a `Model`; and a clock that moves when told."""

from __future__ import annotations

import asyncio
import heapq
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from openhouse_client.errors import ClientError, Disconnected, Unreachable
from openhouse_client.rest import Ticket
from openhouse_client.websocket import Socket
from tests.unit.client.model import Model, Wire, frame

NINE = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


async def settle() -> None:
    """Lets everything happen that can happen without time passing."""
    for _ in range(50):
        await asyncio.sleep(0)


class FakeClock:
    def __init__(self) -> None:
        self._elapsed = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    def now(self) -> datetime:
        return NINE + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        over = asyncio.Event()
        self._at(seconds, over.set)
        await over.wait()

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        return self._timeout(seconds)

    async def advance(self, seconds: float) -> None:
        """Moves on, stopping at every moment when something is due."""
        end = self._elapsed + seconds
        await settle()
        while self._due and self._due[0][0] <= end:
            self._elapsed, _, happen = heapq.heappop(self._due)
            happen()
            await settle()
        self._elapsed = end

    @asynccontextmanager
    async def _timeout(self, seconds: float) -> AsyncIterator[None]:
        async with asyncio.timeout(None) as limit:

            def expire() -> None:
                with suppress(RuntimeError):  # the block has ended long ago
                    limit.reschedule(asyncio.get_running_loop().time())

            self._at(seconds, expire)
            yield

    def _at(self, seconds: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._due, (self._elapsed + seconds, next(self._order), happen))


class FakeSocket:
    """Both ends of one socket."""

    def __init__(self, server: FakeServer) -> None:
        self._server = server
        self._frames: asyncio.Queue[str | ClientError] = asyncio.Queue()
        self.joined = False
        self.open = True
        self.sent: list[Wire] = []
        self.longest = 0  # bytes of a frame

    async def send(self, text: str) -> None:
        if not self.open:
            raise Disconnected("the connection broke")
        message = json.loads(text)
        self.sent.append(message)
        self.longest = max(self.longest, len(text.encode()))
        if not self._server.mute:
            self._server.answer(self, message)

    async def receive(self) -> str:
        next_ = await self._frames.get()
        if isinstance(next_, ClientError):
            raise next_
        return next_

    async def close(self) -> None:
        self.open = False
        self._server.goodbyes += 1

    def post(self, text: str) -> None:
        self._frames.put_nowait(text)

    def end(
        self, message: str = "the connection broke", close_code: int | None = None, *, why: ClientError | None = None
    ) -> None:
        self.open = False
        self._frames.put_nowait(why or Disconnected(message, close_code))


class FakeServer:
    """`loses`: commits for which it is true are posted to nobody, live or replayed."""

    def __init__(self, model: Model, clock: FakeClock) -> None:
        self.model = model
        self.clock = clock
        self.sockets: list[FakeSocket] = []
        self.refuses: ClientError | None = None
        self.unreachable = False
        self.connecting_takes = 0.0
        self.mute = False
        self.loses: Callable[[Wire], bool] = lambda _commit: False
        self.replies_first = False
        self.sync_limit = 1_000
        self.ends_after_syncs = 1_000  # how many more are answered before a connection breaks, once
        self.error: Wire | None = None  # what the next requests are answered with
        self.session_seconds = 3_600.0
        self.ping_seconds = 240.0
        self.presence_seconds: float | None = None
        self.is_old = False  # and knows nothing of what is silent
        self.tickets_used: list[str] = []
        self.tickets_fresh = 0
        self.goodbyes = 0
        self._published = 0
        self._tickets = count(1)

    # REST and the handshake

    async def ticket(self, *, fresh: bool = False) -> Ticket:
        if self.refuses:
            raise self.refuses
        self.tickets_fresh += fresh
        ends = self.clock.now() + timedelta(seconds=self.session_seconds)
        text = f"t{next(self._tickets)}"
        return Ticket(f"ws://fake/live?ticket={text}", text, ends, self.ping_seconds, self.presence_seconds)

    async def connect(self, url: str) -> Socket:
        if self.unreachable:
            raise Unreachable("nothing there")
        self.tickets_used.append(url.rpartition("=")[2])
        if self.connecting_takes:
            await self.clock.sleep(self.connecting_takes)
        socket = FakeSocket(self)
        self.sockets.append(socket)
        return socket

    # Sockets

    @property
    def live(self) -> FakeSocket:
        return self.sockets[-1]

    def publish(self) -> None:
        """The fan-out posts what was committed since the last call."""
        for commit in self.model.stream[self._published :]:
            for socket in self.sockets:
                if socket.joined and socket.open and not self.loses(commit):
                    socket.post(frame([commit]))
        self._published = len(self.model.stream)

    def asked(self, action: str) -> list[Wire]:
        return [message for socket in self.sockets for message in socket.sent if message["action"] == action]

    def answer(self, socket: FakeSocket, message: Wire) -> None:
        def reply(**content: Any) -> str:
            return json.dumps({"reply": message["id"], **content})

        if self.error:
            socket.post(reply(ok=False, error=self.error))
            return
        match message["action"]:
            case "ping":
                socket.post(reply(ok=True, rooms=self.model.heads()))
            case "presence" if "silent" in message and self.is_old:
                error = {"code": "invalid_message", "message": "no such field", "retryable": False}
                socket.post(reply(ok=False, error=error))
            case "presence" | "view" | "typing" if not message.get("silent"):
                socket.post(reply(ok=True))
            case "auth":
                self.tickets_used.append(message["ticket"])
                ends = self.clock.now() + timedelta(seconds=self.session_seconds)
                socket.post(reply(ok=True, sessionExpiresAt=ends.isoformat()))
            case "sync":
                socket.joined = True
                self.ends_after_syncs -= 1
                if self.ends_after_syncs == 0:
                    socket.end()
                    return
                replayed, content = self.model.sync(
                    message["positions"], part=message.get("part", False), limit=self.sync_limit
                )
                frames = [frame([commit]) for commit in replayed if not self.loses(commit)]
                for text in (
                    [reply(ok=True, **content), *frames] if self.replies_first else [*frames, reply(ok=True, **content)]
                ):
                    socket.post(text)


def in_fake_time(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Runs an asynchronous test; nothing in it may take real time."""

    def run() -> None:
        asyncio.run(asyncio.wait_for(test(), 60))

    run.__name__ = test.__name__
    return run
