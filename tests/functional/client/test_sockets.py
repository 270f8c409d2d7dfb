"""The session over real sockets on this machine: what `websockets` and the network really do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from openhouse_client.clock import SystemClock
from openhouse_client.environment import Environment, Timings
from openhouse_client.errors import ClientError, Disconnected, FrameTooLarge, ProtocolError, Unreachable
from openhouse_client.listener import Listener, Recovered, State, Status
from openhouse_client.protocol import Commit
from openhouse_client.rest import Ticket
from openhouse_client.session import Session
from openhouse_client.websocket import open_websocket
from tests.unit.client.model import Model, frame

NORTH = "team:north"


def on_the_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    @wraps(test)
    def run() -> None:
        asyncio.run(asyncio.wait_for(test(), 120))

    vars(run).pop("__wrapped__")  # or pytest would look for the coroutine
    return run


class Server:
    """The protocol over real sockets."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.port = 0
        self.sockets: list[ServerConnection] = []
        self.paths: list[str] = []
        self.refuses: HTTPStatus | None = None
        self.close_codes: list[int | None] = []
        self._published = 0

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/live?ticket=secret"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Server]:
        async with serve(self._handle, "127.0.0.1", self.port, process_request=self._judge) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield self

    async def publish(self) -> None:
        for commit in self.model.stream[self._published :]:
            for socket in list(self.sockets):
                with suppress(ConnectionClosed):
                    await socket.send(frame([commit]))
        self._published = len(self.model.stream)

    def cut(self) -> None:
        """No goodbye: the network is gone."""
        for socket in self.sockets:
            socket.transport.abort()

    def _judge(self, connection: ServerConnection, request: Request) -> Response | None:
        self.paths.append(request.path)
        return connection.respond(self.refuses, "no") if self.refuses else None

    async def _handle(self, socket: ServerConnection) -> None:
        try:
            async for text in socket:
                message = json.loads(text)
                if message["action"] == "sync":
                    self.sockets.append(socket)
                    replayed, content = self.model.sync(message["positions"])
                    if replayed:
                        await socket.send(frame(replayed))
                    await socket.send(json.dumps({"reply": message["id"], "ok": True, **content}))
                else:
                    await socket.send(json.dumps({"reply": message["id"], "ok": True, "rooms": self.model.heads()}))
        finally:
            self.close_codes.append(socket.close_code)
            if socket in self.sockets:
                self.sockets.remove(socket)


class Ears(Listener):
    def __init__(self) -> None:
        self.seqs: list[int] = []
        self.states: list[State] = []
        self.recoveries: list[Recovered] = []
        self.news = asyncio.Event()

    def state(self, state: State) -> None:
        self.states.append(state)
        self.news.set()

    def commit(self, commit: Commit) -> None:
        self.seqs.append(commit.position.seq)
        self.news.set()

    def recovered(self, recovered: Recovered) -> None:
        self.recoveries.append(recovered)

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self.news.clear()
            await self.news.wait()

    async def status(self, status: Status) -> None:
        await self.until(lambda: bool(self.states) and self.states[-1].status is status)


@asynccontextmanager
async def session(server: Server, ears: Ears, **timings: float) -> AsyncIterator[Session]:
    async def ticket(*, fresh: bool = False) -> Ticket:
        return Ticket(server.url, "t1", SystemClock().now() + timedelta(hours=1))

    around = Environment(random=lambda: 0.05)
    session = Session(ticket, ears, timings=Timings(**timings), environment=around)
    running = asyncio.create_task(session.run())
    try:
        yield session
    finally:
        await session.close()
        with suppress(ClientError):
            await running


@on_the_loop
async def test_commits_arrive_and_a_killed_connection_is_resumed_without_loss() -> None:
    model, ears = Model(NORTH), Ears()
    async with Server(model).running() as server, session(server, ears):
        await ears.until(lambda: bool(server.sockets))
        await ears.status(Status.CONNECTED)
        for round_ in range(3):
            model.create(f"a{round_}", NORTH)
            await server.publish()
            await ears.until(lambda: len(ears.seqs) == len(model.stream))
            server.cut()
            model.create(f"b{round_}", NORTH)
            model.update(f"b{round_}", city="Davis")
            await server.publish()
            await ears.status(Status.OFFLINE)
            await ears.until(lambda: len(ears.seqs) == len(model.stream))
            await ears.status(Status.CONNECTED)
        assert ears.seqs == list(range(1, 10))
        assert [recovered.missed for recovered in ears.recoveries] == [{NORTH: 2}] * 3
        assert State(Status.OFFLINE, "the connection broke") in [State(s.status, s.reason) for s in ears.states]


@on_the_loop
async def test_one_socket_after_another_takes_over_under_a_stream_of_commits_and_nobody_notices() -> None:
    model, ears = Model(NORTH), Ears()
    async with Server(model).running() as server, session(server, ears, rotate=0.1):
        await ears.status(Status.CONNECTED)
        while len(server.close_codes) < 5:
            model.create(f"e{len(model.stream)}", NORTH)
            await server.publish()
            await asyncio.sleep(0.005)
        await ears.until(lambda: len(ears.seqs) == len(model.stream))
        assert ears.seqs == list(range(1, len(model.stream) + 1))
        assert [state.status for state in ears.states] == [Status.CONNECTING, Status.CONNECTED]
        assert ears.recoveries == []
        assert set(server.close_codes) == {1000}


@on_the_loop
async def test_a_server_that_restarts_is_found_again() -> None:
    model, ears = Model(NORTH), Ears()
    server = Server(model)
    async with session_while_starting(server, ears):
        await ears.status(Status.OFFLINE)
        async with server.running():
            await ears.status(Status.CONNECTED)
        await ears.status(Status.OFFLINE)
        assert ears.states[-1].reason.startswith(("the server closed the socket (1001", "no socket at 127.0.0.1"))
        model.create("e1", NORTH)
        async with server.running():
            await ears.status(Status.CONNECTED)
            assert ears.seqs == [1]


@asynccontextmanager
async def session_while_starting(server: Server, ears: Ears) -> AsyncIterator[None]:
    async with server.running():
        pass  # now it has a port, and nobody listens on it
    async with session(server, ears):
        await ears.until(lambda: bool(ears.states))
        yield


@on_the_loop
async def test_closing_says_goodbye_to_the_server() -> None:
    ears = Ears()
    async with Server(Model(NORTH)).running() as server:
        async with session(server, ears):
            await ears.status(Status.CONNECTED)
        await asyncio.sleep(0)
        assert server.close_codes == [1000]
        assert ears.states[-1].status is Status.CLOSED


@on_the_loop
async def test_a_refused_handshake_tells_its_status_and_never_the_ticket() -> None:
    async with Server(Model(NORTH)).running() as server:
        server.refuses = HTTPStatus.FORBIDDEN
        with pytest.raises(Unreachable) as caught:
            await open_websocket(server.url)
        assert str(caught.value) == f"127.0.0.1:{server.port} refused the socket (HTTP 403)"
        assert server.paths == ["/live?ticket=secret"]


@on_the_loop
async def test_an_address_where_nobody_listens_is_unreachable() -> None:
    server = Server(Model(NORTH))
    async with server.running():
        pass
    with pytest.raises(Unreachable, match=r"no socket at 127\.0\.0\.1") as caught:
        await open_websocket(server.url)
    assert "secret" not in str(caught.value)


@on_the_loop
async def test_a_close_by_the_server_is_told_with_its_code_and_a_binary_frame_is_refused() -> None:
    async def misbehave(socket: ServerConnection) -> None:
        await socket.send(b"\x00")
        await socket.close(4001, "go away")

    async with serve(misbehave, "127.0.0.1", 0) as server:
        socket = await open_websocket(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(ProtocolError):
            await socket.receive()
        with pytest.raises(Disconnected, match="go away") as caught:
            await socket.receive()
        assert caught.value.close_code == 4001
        with pytest.raises(Disconnected):
            await socket.send("too late")
        await socket.close()


@on_the_loop
async def test_a_socket_that_is_closed_for_too_long_a_frame_says_so_and_is_not_to_be_opened_again() -> None:
    async def measure(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with serve(measure, "127.0.0.1", 0, max_size=1_000) as server:
        socket = await open_websocket(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        await socket.send("x" * 1_001)
        with pytest.raises(FrameTooLarge, match="1009") as caught:
            await socket.receive()
        assert not caught.value.retryable
        await socket.close()
