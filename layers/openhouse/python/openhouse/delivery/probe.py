"""A socket as a browser has one, for the canary: the little of RFC 6455 that one frame out and a few frames in take.

A library would bring a megabyte into the layer of every function.
"""

from __future__ import annotations

import socket
import time
from base64 import b64encode
from collections.abc import Callable
from ssl import SSLContext
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import SplitResult, urlsplit

_MASK = b"\0\0\0\0"  # it hides nothing from anybody: a server only wants one to be there
_TEXT, _FINAL, _MASKED = 0x1, 0x80, 0x80
_LONGEST_HEAD = 16_384


class ProbeFailed(Exception):
    """It did not open, or closed, or had nothing to say in time."""


class Probe(Protocol):
    def send(self, text: str) -> None: ...

    def receive(self) -> str:
        """The next text. Raises ProbeFailed."""

    def close(self) -> None: ...


class WebSocketProbe:
    """`seconds`: for all of it."""

    def __init__(
        self,
        url: str,
        *,
        seconds: float,
        key: bytes,
        tls: Callable[[], SSLContext] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises ProbeFailed. `key`: 16 random bytes. `tls`: of a `wss:` address."""
        self._monotonic = monotonic
        self._deadline = monotonic() + seconds
        self._buffer = b""
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "wss" else 80)
        try:
            self._socket = socket.create_connection((parts.hostname or "", port), timeout=self._left)
            try:
                self._open(parts, key, tls)
            except BaseException:
                self._socket.close()  # there is no probe that anybody could close
                raise
        except OSError as error:
            raise ProbeFailed(f"the socket did not open: {type(error).__name__}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, text: str) -> None:
        body = text.encode()
        if len(body) < 126:
            length = bytes([_MASKED | len(body)])
        else:
            length = bytes([_MASKED | 126]) + len(body).to_bytes(2, "big")
        try:
            self._socket.sendall(bytes([_FINAL | _TEXT]) + length + _MASK + body)
        except OSError as error:
            raise ProbeFailed(f"the socket takes nothing: {type(error).__name__}") from error

    def receive(self) -> str:
        text = b""
        while True:
            first, second = self._take(2)
            length = second & 0x7F
            if length >= 126:
                length = int.from_bytes(self._take(2 if length == 126 else 8), "big")
            body, kind = self._take(length), first & 0x0F
            if kind == 0x8:
                raise ProbeFailed("the socket was closed")
            if kind in (0x0, _TEXT):
                text += body
                if first & _FINAL:
                    return text.decode(errors="replace")

    def close(self) -> None:
        """Without a word: API Gateway notices the end of a connection."""
        self._socket.close()

    def _open(self, parts: SplitResult, key: bytes, tls: Callable[[], SSLContext] | None) -> None:
        if tls is not None:
            self._socket = tls().wrap_socket(self._socket, server_hostname=parts.hostname)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        head = (
            f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {b64encode(key).decode()}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        self._socket.sendall(head.encode())
        self._take_answer()

    @property
    def _left(self) -> float:
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise ProbeFailed("nothing came in time")
        return left

    def _take_answer(self) -> None:
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > _LONGEST_HEAD:
                raise ProbeFailed("the answer to the handshake has no end")
            self._read()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        status = head.split(b"\r\n", 1)[0].decode(errors="replace")
        if " 101" not in status:
            raise ProbeFailed(f"the socket did not open: {status[:80]}")

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._read()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _read(self) -> None:
        self._socket.settimeout(self._left)
        try:
            more = self._socket.recv(65_536)
        except OSError as error:
            raise ProbeFailed("nothing came in time") from error
        if not more:
            raise ProbeFailed("the socket was closed")
        self._buffer += more
