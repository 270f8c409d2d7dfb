"""A commit a minute that must arrive: what the canary does, and what it says when nothing comes."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from websockets.sync.server import ServerConnection, serve

from openhouse.collaboration.canary import NAME, Canary, CanaryLost
from openhouse.core.metrics import Metric, metrics
from openhouse.delivery.probe import ProbeFailed, WebSocketProbe
from openhouse.identity.sessions import Sessions
from openhouse.rooms.room_log import RoomLog
from tests.functional.conftest import World
from tests.functional.sockets import stream

KEY = bytes(range(16))


class WorldProbe:
    """A socket of that world. `arrives`: how many of the commits in the table's stream."""

    def __init__(self, world: World, url: str, *, arrives: int) -> None:
        self._world = world
        self._arrives = arrives
        self._heard = 0
        ticket = parse_qs(urlsplit(url).query)["ticket"][0]
        principal = Sessions(cast("Any", None), world.directory, world.connections).by_ticket(ticket, None)
        world.connections.connect("bird", principal)
        world.gateway.open.add("bird")

    def send(self, text: str) -> None:
        self._world.messages.receive("bird", text)

    def receive(self) -> str:
        if self._heard < 2:  # the reply to its `sync`, and one frame more
            self._world.deliver(stream(self._world)[: self._arrives])
        if len(self._world.gateway.posted["bird"]) == self._heard:
            raise ProbeFailed("nothing came in time")
        self._heard += 1
        return self._world.gateway.posted["bird"][self._heard - 1].decode()

    def close(self) -> None:
        self._world.gateway.open.discard("bird")


def canary(world: World, *, arrives: int = 1_000, probe: type[WorldProbe] = WorldProbe) -> Canary:
    log = RoomLog(world.table, now=world.clock)
    return Canary(
        world.directory,
        world.connections,
        log,
        "wss://x/live",
        lambda url: probe(world, url, arrives=arrives),
        now=world.clock,
    )


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    metrics.take()
    yield
    metrics.take()


def test_its_commit_arrives_and_that_is_measured_each_time(world: World) -> None:
    for _ in range(2):
        assert canary(world).sing() == 0
    assert metrics.take()[Metric.CANARY] == [0, 0]


def test_it_is_a_person_of_a_brokerage_of_its_own_whose_rooms_get_no_log_for_it(world: World) -> None:
    canary(world).sing()
    assert world.gateway.open == set()  # its socket has no further use
    membership = world.directory.membership(NAME)
    assert membership is not None
    assert membership.brokerage_id == NAME
    assert f"broker:{NAME}" not in world.log.brokerage_rooms()


def test_where_nothing_arrives_it_says_so_and_measures_nothing(world: World) -> None:
    with pytest.raises(CanaryLost, match="nothing came in time"):
        canary(world, arrives=0).sing()
    assert Metric.CANARY not in metrics.take()


class Refused(WorldProbe):
    """What it is answered is that it may not do this now."""

    def receive(self) -> str:
        return json.dumps({"error": {"code": "rate_limited", "message": "too much", "retryable": True}})


def test_a_socket_that_answers_with_an_error_is_lost_with_its_code_and_closed(world: World) -> None:
    lost = canary(world, probe=Refused)
    with pytest.raises(CanaryLost, match="the socket answers rate_limited"):
        lost.sing()
    assert world.gateway.open == set()


def test_an_older_commit_that_comes_again_is_not_taken_for_its_own(world: World):
    canary(world).sing()
    with pytest.raises(CanaryLost, match="nothing came in time"):
        canary(world, arrives=1).sing()


@pytest.fixture
def server() -> Iterator[list[Any]]:
    """A WebSocket server of a library; what it is sent, after its port."""
    heard: list[Any] = []

    def answer(connection: ServerConnection) -> None:
        assert connection.request is not None
        heard.append(connection.request.path)
        for message in connection:
            heard.append(message)
            connection.ping()
            connection.send(["frag", "mented ", "x" * 70_000])

    with serve(answer, "127.0.0.1", 0) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        heard.append(listening.socket.getsockname()[1])
        yield heard
        listening.shutdown()
        thread.join()


@pytest.mark.parametrize("length", [5, 200])
def test_its_socket_speaks_with_a_server_of_a_library(server: list[Any], length: int) -> None:
    text = json.dumps("ä" * length, ensure_ascii=False)
    with WebSocketProbe(f"ws://127.0.0.1:{server[0]}/live?ticket=a%2Fb", seconds=60, key=KEY) as probe:
        probe.send(text)
        assert probe.receive() == "fragmented " + "x" * 70_000
    assert server[1:3] == ["/live?ticket=a%2Fb", text]


def test_a_server_that_refuses_or_is_not_there_is_a_failed_probe(server: list[Any]) -> None:
    with pytest.raises(ProbeFailed, match="did not open"):
        WebSocketProbe("ws://127.0.0.1:1/", seconds=60, key=KEY)
    with WebSocketProbe(f"ws://127.0.0.1:{server[0]}/", seconds=0.05, key=KEY) as probe, pytest.raises(ProbeFailed):
        probe.receive()


@contextmanager
def saying(answer: bytes) -> Iterator[int]:
    """The port of a server that says this to whoever comes, and then nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as thread:

        def serve_one() -> socket.socket:
            connection, _ = listening.accept()
            connection.recv(65_536)
            connection.sendall(answer)
            return connection

        served = thread.submit(serve_one)
        yield listening.getsockname()[1]
        served.result().close()


SWITCHES = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"


def test_a_handshake_that_is_refused_is_said_with_its_status() -> None:
    refusal = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    with saying(refusal) as port, pytest.raises(ProbeFailed, match=r"did not open: HTTP/1\.1 403"):
        WebSocketProbe(f"ws://127.0.0.1:{port}/", seconds=60, key=KEY)


def test_a_frame_that_closes_the_socket_ends_the_probe_at_once() -> None:
    with saying(SWITCHES + b"\x88\x02\x03\xe8") as port:
        probe = WebSocketProbe(f"ws://127.0.0.1:{port}/", seconds=60, key=KEY)
        with probe, pytest.raises(ProbeFailed, match="the socket was closed"):
            probe.receive()


def test_a_socket_that_trickles_has_no_more_time_than_one_that_is_silent() -> None:
    """The deadline is of all of it, not of each part."""
    now = [0.0]
    with saying(SWITCHES + b"\x81") as port:
        probe = WebSocketProbe(f"ws://127.0.0.1:{port}/", seconds=60, key=KEY, monotonic=lambda: now[0])
        now[0] = 60.0
        with probe, pytest.raises(ProbeFailed, match="nothing came in time"):
            probe.receive()
