"""Starts a function by synchronous invocations whose answers nobody waits for.

An asynchronous one would lie in Lambda's own queue for some 50 ms. A synchronous one starts the function at once, which
runs to its end though whoever started it does not listen, or is frozen meanwhile. The answer, which is read before the
connection's next use, says whether Lambda took it.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import quote, urlsplit

import httptools

from openhouse.core.observability import logger
from openhouse.delivery.signing import Signer, canonical

CONNECT_SECONDS = 0.2  # to open a connection, and as long again for TLS: a writer waits for it
SEND_SECONDS = 0.3
LONGEST_IDLE = 30.0  # seconds; a connection that lay unused for longer is not trusted
MOST_CONNECTIONS = 4  # each with one invocation at a time


class NotTaken(Exception):
    """Whoever waits for nothing has nothing to send it by: all connections are waiting for an answer."""


class Invoker:
    """Keeps its connections from call to call. One call at a time."""

    def __init__(
        self,
        endpoint: str,
        function: str,
        signer: Callable[[str], Signer],
        *,
        tls: Callable[[], ssl.SSLContext] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`endpoint`: of Lambda in the region; `function`: its name, with `:<alias>` if it has one.

        `signer(host)` signs for the endpoint. `tls` is asked for each connection; None for plain HTTP.
        """
        parts = urlsplit(endpoint)
        self._address = (parts.hostname or "", parts.port or (443 if tls else 80))
        self._path = f"/2015-03-31/functions/{quote(function, safe='')}/invocations"
        self._signed_path = canonical(self._path)
        self._signer = signer(parts.netloc)
        self._tls = tls
        self._monotonic = monotonic
        self._connections: list[_Connection] = []

    def __call__(self, payload: bytes) -> None:
        """Returns when it is sent. Raises OSError, of which TimeoutError is one, or NotTaken."""
        self._hear()
        signed = self._signer.headers("POST", self._signed_path, sha256(payload).hexdigest())
        head = f"POST {self._path} HTTP/1.1\r\n{signed}content-length: {len(payload)}\r\n\r\n".encode()
        now = self._monotonic()
        while at_rest := [each for each in self._connections if not each.awaits]:
            try:
                at_rest[-1].send(head + payload, now)
            except OSError:  # cut while this process was frozen
                self._drop(at_rest[-1])
            else:
                return
        if len(self._connections) >= MOST_CONNECTIONS:
            raise NotTaken
        opened = self._open()
        self._connections.append(opened)
        try:
            opened.send(head + payload, now)
        except OSError:
            self._drop(opened)
            raise

    def _hear(self) -> None:
        """Reads the answers that have come, and drops connections that are of no more use."""
        now = self._monotonic()
        for each in [*self._connections]:
            try:
                answer = each.hear()
            except (OSError, httptools.HttpParserError) as error:
                if each.awaits:
                    logger.info("no answer to an invocation", cause=type(error).__name__)
                self._drop(each)
                continue
            if answer and answer.status != HTTPStatus.OK:
                logger.warning("invocation refused", status=answer.status)  # 429: no place for it just then
            elif answer and answer.failed:
                logger.warning("what was invoked has failed")
            if now - each.since > LONGEST_IDLE or (answer and not answer.keeps):
                self._drop(each)

    def _drop(self, connection: _Connection) -> None:
        self._connections.remove(connection)
        connection.close()

    def _open(self) -> _Connection:
        made = socket.create_connection(self._address, CONNECT_SECONDS)
        try:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                made = self._tls().wrap_socket(made, server_hostname=self._address[0])
        except Exception:
            made.close()
            raise
        return _Connection(made)


class _Answer:
    """What the parser has found of one."""

    def __init__(self) -> None:
        self.status = 0
        self.failed = False  # the function, not its invocation
        self.keeps = True


class _Connection:
    def __init__(self, connected: socket.socket) -> None:
        self.awaits = False
        self.since = 0.0  # it was used
        self._socket = connected
        self._parser = httptools.HttpResponseParser(self)
        self._answer = _Answer()

    def send(self, request: bytes, now: float) -> None:
        self._socket.settimeout(SEND_SECONDS)
        self._socket.sendall(request)  # the kernel sends it on, also when this process is frozen right after
        self.awaits, self.since = True, now

    def hear(self) -> _Answer | None:
        """The answer, if it has come whole. Raises OSError if the connection is over."""
        self._socket.settimeout(0)
        while True:
            try:
                data = self._socket.recv(65_536)
            except (BlockingIOError, ssl.SSLWantReadError):
                break
            if not data or not self.awaits:
                raise ConnectionResetError
            self._parser.feed_data(data)
        answer = self._answer
        if not answer.status:
            return None
        self.awaits, self._answer = False, _Answer()
        return answer

    def close(self) -> None:
        self._socket.close()

    # From the parser -------------------------------------------------------------------------------------------------

    def on_header(self, name: bytes, _value: bytes) -> None:
        if name.lower() == b"x-amz-function-error":
            self._answer.failed = True

    def on_message_complete(self) -> None:
        self._answer.keeps = self._parser.should_keep_alive()
        self._answer.status = self._parser.get_status_code()
