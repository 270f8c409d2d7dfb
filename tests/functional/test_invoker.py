"""Invocations that nobody waits for: what reaches Lambda, and what becomes of its answers."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pytest

from openhouse.core.observability import logger
from openhouse.delivery.invoker import LONGEST_IDLE, MOST_CONNECTIONS, Invoker, NotTaken
from openhouse.delivery.signing import Credentials, Signer, canonical
from tests.fakes import NOON

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull"
THROTTLED = b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 2\r\n\r\n{}"
FAILED = b"HTTP/1.1 200 OK\r\nX-Amz-Function-Error: Unhandled\r\ncontent-length: 2\r\n\r\n{}"


class Lambda:
    """Its end of the connections: takes them as they are opened, and says nothing by itself."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(2)
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.clock = 0.0
        self._taken: list[socket.socket] = []
        self.invoke = Invoker(f"http://{self.address}", "lane:live", signer, monotonic=lambda: self.clock)

    def take(self) -> socket.socket:
        """The next connection that was opened."""
        connection, _ = self._listening.accept()
        connection.settimeout(2)
        self._taken.append(connection)
        return connection

    def has_more(self) -> bool:
        self._listening.settimeout(0)
        try:
            self.take().close()
        except BlockingIOError:
            return False
        finally:
            self._listening.settimeout(2)
        return True

    def close(self) -> None:
        for ours in self.invoke._connections:
            ours.close()
        for theirs in (self._listening, *self._taken):
            theirs.close()


def signer(host: str) -> Signer:
    return Signer(
        service="lambda",
        region="us-east-1",
        host=host,
        credentials=lambda: Credentials("key", "secret", "token"),
        now=lambda: NOON,
    )


@pytest.fixture
def aws_lambda() -> Iterator[Lambda]:
    made = Lambda()
    yield made
    made.close()


def heard(connection: socket.socket, ending: bytes) -> bytes:
    data = b""
    while not data.endswith(ending):
        data += connection.recv(65_536)
    return data


def until(holds: Callable[[], bool]) -> None:
    """For what the kernel has sent to arrive."""
    ends = time.monotonic() + 2
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.001)


def answered(aws_lambda: Lambda, connection: socket.socket, answer: bytes) -> None:
    connection.sendall(answer)
    there = connection.getpeername()
    (ours,) = [each._socket for each in aws_lambda.invoke._connections if each._socket.getsockname() == there]
    until(lambda: has_come(ours))


def has_come(ours: socket.socket) -> bool:
    ours.settimeout(0)
    try:
        ours.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    return True


def test_an_invocation_names_the_function_and_is_signed(aws_lambda: Lambda) -> None:
    aws_lambda.invoke(b'{"commits":[]}')
    head, _, body = heard(aws_lambda.take(), b"}").decode().partition("\r\n\r\n")
    request, *lines = head.split("\r\n")
    path = "/2015-03-31/functions/lane%3Alive/invocations"  # no type is named: then it is a synchronous one
    assert request == f"POST {path} HTTP/1.1"
    signed = signer(aws_lambda.address).headers("POST", canonical(path), sha256(body.encode()).hexdigest())
    assert lines == [*signed.removesuffix("\r\n").split("\r\n"), f"content-length: {len(body)}"]
    assert "/us-east-1/lambda/aws4_request" in signed


def test_a_connection_is_used_again_when_its_answer_has_come(aws_lambda: Lambda) -> None:
    aws_lambda.invoke(b"1")
    connection = aws_lambda.take()
    heard(connection, b"1")
    answered(aws_lambda, connection, OK)
    aws_lambda.invoke(b"2")
    heard(connection, b"2")
    assert not aws_lambda.has_more()


def test_who_finds_all_connections_waiting_for_an_answer_is_told_so(aws_lambda: Lambda) -> None:
    for number in range(MOST_CONNECTIONS):
        aws_lambda.invoke(b"%d" % number)
    with pytest.raises(NotTaken):
        aws_lambda.invoke(b"one more")
    connections = [aws_lambda.take() for _ in range(MOST_CONNECTIONS)]
    connections[0].sendall(OK[:20])  # half of an answer is none
    with pytest.raises(NotTaken):
        aws_lambda.invoke(b"one more")
    answered(aws_lambda, connections[1], OK)
    aws_lambda.invoke(b"one more")
    heard(connections[1], b"one more")


@pytest.mark.parametrize("while_it_waits", [True, False])
def test_a_connection_that_was_cut_while_a_function_was_frozen_is_replaced(
    aws_lambda: Lambda, while_it_waits: bool
) -> None:
    aws_lambda.invoke(b"1")
    connection = aws_lambda.take()
    heard(connection, b"1")
    if not while_it_waits:
        answered(aws_lambda, connection, OK)
    connection.close()
    (ours,) = aws_lambda.invoke._connections
    until(lambda: has_come(ours._socket))
    aws_lambda.invoke(b"2")
    heard(aws_lambda.take(), b"2")


def test_a_connection_that_lay_unused_for_long_is_not_trusted(aws_lambda: Lambda) -> None:
    aws_lambda.invoke(b"1")
    answered(aws_lambda, aws_lambda.take(), OK)
    aws_lambda.clock += LONGEST_IDLE + 1
    aws_lambda.invoke(b"2")
    heard(aws_lambda.take(), b"2")


@pytest.mark.parametrize(
    ("answer", "told"), [(THROTTLED, "invocation refused"), (FAILED, "what was invoked has failed"), (OK, None)]
)
def test_what_an_answer_says_is_logged_when_it_is_read_and_the_next_one_is_sent(
    aws_lambda: Lambda, monkeypatch: pytest.MonkeyPatch, answer: bytes, told: str | None
) -> None:
    said: list[Any] = []
    monkeypatch.setattr(logger, "warning", lambda message, **_: said.append(message))
    aws_lambda.invoke(b"1")
    connection = aws_lambda.take()
    heard(connection, b"1")
    answered(aws_lambda, connection, answer)
    aws_lambda.invoke(b"2")
    heard(connection, b"2")
    assert said == ([told] if told else [])


def test_what_cannot_be_reached_raises_and_leaves_nothing_behind() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    invoke = Invoker(nobody, "lane", signer)
    with pytest.raises(OSError, match="refused"):
        invoke(b"1")
    assert invoke._connections == []
