"""The stand-in of API Gateway that benchmarks post to: what it takes, and what it tells."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedOK, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bench.api_gateway import ApiGateway, Counted, api_gateway, posting_to
from bench.certificate import write_certificate
from openhouse.rooms.gateway import Delivery, Frame, Outcome


@pytest.fixture(scope="module")
def api() -> Iterator[ApiGateway]:
    with api_gateway() as api:
        yield api


def event(api: ApiGateway) -> dict[str, Any]:
    told = api.events.get(timeout=60)
    assert told is not None
    return told


@contextmanager
def opened(api: ApiGateway) -> Iterator[tuple[ClientConnection, str]]:
    """A socket, accepted as a function accepts it, and its id."""
    ids: queue.SimpleQueue[str] = queue.SimpleQueue()

    def accept() -> None:
        told = event(api)
        assert told["query"] == "ticket=t1"
        ids.put(told["connect"])
        api.accept(told["connect"], ok=True)

    accepting = threading.Thread(target=accept)
    accepting.start()
    with connect(f"ws://127.0.0.1:{api.port}/live?ticket=t1") as socket:
        accepting.join()
        yield socket, ids.get(timeout=60)


@pytest.mark.parametrize("size", [2, 600, 70_000])
def test_what_is_posted_to_a_socket_arrives_as_one_text_frame_and_is_counted(api: ApiGateway, size: int) -> None:
    with opened(api) as (socket, id_), posting_to(api.endpoint) as gateway:
        api.take()
        assert gateway.post([Delivery([id_, "nobody="], [Frame(b"x" * size)])]) == [{"nobody=": Outcome.GONE}]
        assert socket.recv() == "x" * size
        assert api.take() == Counted(1, size)
    assert event(api) == {"disconnect": id_}


def test_what_a_socket_says_is_told_and_a_closed_one_is_gone(api: ApiGateway) -> None:
    with opened(api) as (socket, id_), posting_to(api.endpoint) as gateway:
        socket.send("hello")
        assert event(api) == {"message": id_, "text": "hello"}
        gateway.close([id_])
        with pytest.raises(ConnectionClosedOK):
            socket.recv()
        assert event(api) == {"disconnect": id_}
        assert gateway.post([Delivery([id_], [Frame(b"{}")])]) == [{id_: Outcome.GONE}]


def test_a_socket_that_is_not_accepted_never_opens(api: ApiGateway) -> None:
    refusing = threading.Thread(target=lambda: api.accept(event(api)["connect"], ok=False))
    refusing.start()
    with pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://127.0.0.1:{api.port}/live?ticket=old")
    refusing.join()


def test_over_tls_it_takes_posts_for_everyone_if_it_is_to(tmp_path: Any) -> None:
    certificate = write_certificate(tmp_path / "server.pem")
    with (
        api_gateway(everyone=True, certificate=certificate) as api,
        posting_to(api.endpoint, trusted=certificate) as gateway,
    ):
        assert gateway.post([Delivery(["a=", "b="], [Frame(b"{}")] * 2)]) == [{}]
        assert api.take() == Counted(4, 8)
