"""Keep-alive HTTP/1.1 connections to one address, one request at a time on each. Knows nothing of what is sent.

Sockets that do not block, and TLS straight on them: asyncio's TLS copies each record twice and ends each read with an
exception.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol

import httptools

from openhouse.delivery.event_loop import READ, READ_AND_WRITE, EventLoop

LARGEST_READ = 16_384  # bytes; what a TLS record holds at the most, so that none is left behind half read
_MUST_WAIT = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)

Address = tuple[int, Any]  # family, and what sockets of it connect to


class Owner(Protocol):
    """Hears `opened` or `not_opened` first, then exactly one of the others after each `send`."""

    def opened(self, channel: Channel, /) -> None: ...

    def not_opened(self, channel: Channel, error: OSError, /) -> None:
        """Whether TCP or TLS is at fault."""

    def answered(self, channel: Channel, status: int, /) -> None: ...

    def broken(self, channel: Channel, /) -> None:
        """It is of no more use: it ended, or something came that is no answer."""


class Channel:
    def __init__(self, owner: Owner, addresses: Sequence[Address], host: str, tls: ssl.SSLContext | None) -> None:
        self.owner = owner
        self.turn: Any = None  # what the owner uses it for
        self.deadline = 0.0
        self.heard = False  # anything of the answer that is awaited
        self.answers = 0
        self._addresses = list(addresses)
        self._host = host
        self._tls = tls
        self._open = False
        self._unsent: bytes | memoryview = b""
        self._parser = httptools.HttpResponseParser(self)
        self._status = 0  # of a message read whole; -1 for nonsense
        self._awaits = False
        self._keeps = True
        self._socket: socket.socket | None = None
        self._loop: EventLoop | None = None

    @property
    def usable(self) -> bool:
        return self._socket is not None

    def open(self, loop: EventLoop) -> None:
        """Raises OSError when it is known at once that none of the addresses can be reached."""
        self._loop = loop
        self._connect()

    def send(self, head: bytes, body: bytes) -> None:
        self._awaits, self.heard = True, False
        self._write(head + body)  # one piece is one TLS record, which costs more than to copy a body

    def rest(self) -> None:
        """No loop looks after it from now on."""
        if self._socket is not None and self._loop is not None:
            self._loop.forget(self._socket)
        self._loop = None

    def resume(self, owner: Owner, loop: EventLoop) -> bool:
        """Whether it is still of use after a rest: nothing should have come meanwhile, not even its end."""
        assert self._socket is not None
        try:
            self._socket.recv(1)
        except _MUST_WAIT:
            with suppress(OSError):
                loop.watch(self._socket, READ, self)
                self._loop, self.owner = loop, owner
                return True
        except OSError:
            pass
        self.close()
        return False

    def close(self) -> None:
        """The owner hears nothing of it."""
        of, self._socket = self._socket, None
        if of is not None:
            if self._loop is not None:
                self._loop.forget(of)
            with suppress(OSError):  # the descriptor is not there any more
                of.close()

    # From the loop ---------------------------------------------------------------------------------------------------

    def ready(self) -> None:
        if self._socket is None:
            return
        if not self._open:
            self._go_on_opening()
            return
        if self._unsent:
            self._write(self._unsent)
        try:
            data = self._socket.recv(LARGEST_READ)
        except _MUST_WAIT:
            return
        except OSError:
            data = b""
        if data:
            self._received(data)
        else:
            self._break()

    def _received(self, data: bytes) -> None:
        self.heard = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._status = -1
        status, self._status = self._status, 0
        if not self._awaits or status < 0:
            self._break()
        elif status:
            self._awaits = False
            self.answers += 1
            if self._unsent or not self._keeps:  # the answer came before all was asked, or it is the last one
                self.close()
            self.owner.answered(self, status)

    def _write(self, data: bytes | memoryview) -> None:
        assert self._socket is not None
        try:
            sent = self._socket.send(data)
        except _MUST_WAIT:
            sent = 0
        except OSError:  # reading tells, too
            sent = len(data)
        if sent < len(data):
            self._unsent = memoryview(data)[sent:]
            self._watch(READ_AND_WRITE)
        elif self._unsent:
            self._unsent = b""
            self._watch(READ)

    def _break(self) -> None:
        self.close()
        self.owner.broken(self)

    # Opening ---------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        """To the first address that does not refuse at once."""
        assert self._loop is not None
        while True:
            family, address = self._addresses.pop(0)
            of = socket.socket(family, socket.SOCK_STREAM)
            try:
                of.setblocking(False)
                of.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with suppress(BlockingIOError):
                    of.connect(address)
                self._loop.watch(of, READ_AND_WRITE, self)
            except OSError:
                of.close()
                if not self._addresses:
                    raise
            else:
                self._socket = of
                return

    def _go_on_opening(self) -> None:
        try:
            if not self._has_connected():
                return
            self._shake_hands()
        except ssl.SSLWantReadError:
            self._watch(READ)
        except ssl.SSLWantWriteError:
            self._watch(READ_AND_WRITE)
        except OSError as error:
            self.close()
            self.owner.not_opened(self, error)
        else:
            self._open = True
            self._watch(READ)
            self.owner.opened(self)

    def _has_connected(self) -> bool:
        """False while another address is tried."""
        assert self._socket is not None
        if error := self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self.close()
            if not self._addresses:
                raise OSError(error, "no address can be reached")
            self._connect()
            return False
        return True

    def _shake_hands(self) -> None:
        assert self._socket is not None
        assert self._loop is not None
        if self._tls is None:
            return
        if not isinstance(self._socket, ssl.SSLSocket):
            self._loop.forget(self._socket)
            plain, self._socket = self._socket, None
            self._socket = self._tls.wrap_socket(plain, server_hostname=self._host, do_handshake_on_connect=False)
            self._loop.watch(self._socket, READ, self)
        self._socket.do_handshake()

    def _watch(self, events: int) -> None:
        if self._socket is not None and self._loop is not None:
            self._loop.change(self._socket, events)

    # From the parser -------------------------------------------------------------------------------------------------

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status >= 200:  # below, the answer is still to come
            # A second answer in one piece of data: which of them belongs to the request is anyone's guess.
            self._status = -1 if self._status else status
            self._keeps = self._parser.should_keep_alive()  # it knows only now


class Pool:
    """The connections that nobody uses just now, the most recently used last, and the addresses for new ones."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, *, longest_idle: float) -> None:
        """`longest_idle`: seconds after which neither a connection nor an address is trusted any more."""
        self._host = host
        self._port = port
        self._tls = tls
        self._longest_idle = longest_idle
        self._idle: list[tuple[float, Channel]] = []
        self._addresses: list[Address] = []
        self._known_until = 0.0

    def open(self, owner: Owner, loop: EventLoop, *, within: float) -> Channel:
        """Begins to. Raises OSError when it is known at once that nothing comes of it: DNS is at fault, for one."""
        if loop.now > self._known_until:
            self._addresses = _resolved(self._host, self._port, within)
            self._known_until = loop.now + self._longest_idle
        channel = Channel(owner, self._addresses, self._host, self._tls)
        channel.deadline = time.monotonic() + within
        channel.open(loop)
        return channel

    def take(self, owner: Owner, loop: EventLoop) -> Channel | None:
        while self._idle:
            since, channel = self._idle.pop()
            if loop.now - since > self._longest_idle:
                channel.close()
            elif channel.resume(owner, loop):
                return channel
        return None

    def give(self, channel: Channel, now: float) -> None:
        channel.turn = None
        channel.rest()
        self._idle.append((now, channel))

    def clear(self) -> None:
        for _, channel in self._idle:
            channel.close()
        self._idle.clear()
        self._known_until = 0.0


def _resolved(host: str, port: int, within: float) -> list[Address]:
    """Raises OSError, of which TimeoutError is one. In a thread, as DNS may take much longer than that to give up."""
    answers: SimpleQueue[list[Address] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(family, address) for family, _, _, _, address in found])
        except OSError as error:
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=within)
    except Empty as error:
        raise TimeoutError(f"no address of {host} in time") from error
    if isinstance(answer, OSError):
        raise answer
    return answer
