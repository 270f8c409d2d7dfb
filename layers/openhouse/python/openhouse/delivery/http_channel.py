"""Keep-alive HTTP/1.1 connections to one address, one request at a time on each. Knows nothing of what is sent."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any, Protocol, cast

import httptools


class Owner(Protocol):
    """Hears exactly one of these after each `send`; `broken` also when a connection at rest ends."""

    def answered(self, channel: Channel, status: int, /) -> None: ...

    def broken(self, channel: Channel, /) -> None:
        """It is of no more use: it ended, or something came that is no answer."""


class Channel(asyncio.Protocol):
    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.turn: Any = None  # what the owner uses it for
        self.deadline = 0.0
        self.heard = False  # anything of the answer that is awaited
        self.answers = 0
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._status = 0  # of a message read whole; -1 for nonsense
        self._awaits = False
        self._keeps = True

    @property
    def usable(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def send(self, head: bytes, body: bytes) -> None:
        self._awaits, self.heard = True, False
        if self._transport is not None:
            self._transport.write(head + body)  # one piece is one TLS record, which costs more than to copy a body

    def close(self) -> None:
        """The owner hears nothing of it."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()

    # From the loop ---------------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._transport is None:
            return
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
            if not self._keeps:
                self.close()
            self.owner.answered(self, status)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._break()

    def _break(self) -> None:
        if self._transport is not None:
            self.close()
            self.owner.broken(self)

    # From the parser -------------------------------------------------------------------------------------------------

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status >= 200:  # below, the answer is still to come
            # A second answer in one piece of data: which of them belongs to the request is anyone's guess.
            self._status = -1 if self._status else status
            self._keeps = self._parser.should_keep_alive()  # it knows only now


class Pool:
    """The connections that nobody uses just now, the most recently used last."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, *, longest_idle: float) -> None:
        """`longest_idle`: seconds after which a connection is not trusted any more."""
        self._host = host
        self._port = port
        self._tls = tls
        self._longest_idle = longest_idle
        self._idle: list[tuple[float, Channel]] = []

    async def open(self, owner: Owner, *, within: float) -> Channel:
        """Raises OSError, of which TimeoutError is one, whether DNS, TCP or TLS is at fault."""
        async with asyncio.timeout(within):
            loop = asyncio.get_running_loop()
            _, channel = await loop.create_connection(lambda: Channel(owner), self._host, self._port, ssl=self._tls)
        return channel

    def take(self, owner: Owner, now: float) -> Channel | None:
        while self._idle:
            since, channel = self._idle.pop()
            if channel.usable and now - since <= self._longest_idle:
                channel.owner = owner
                return channel
            channel.close()
        return None

    def give(self, channel: Channel, now: float) -> None:
        channel.owner, channel.turn = self, None
        self._idle.append((now, channel))

    def clear(self) -> None:
        for _, channel in self._idle:
            channel.close()
        self._idle.clear()

    # As the owner of connections at rest -----------------------------------------------------------------------------

    def answered(self, _channel: Channel, _status: int) -> None:
        raise AssertionError("nothing was asked")

    def broken(self, channel: Channel) -> None:
        self._idle = [entry for entry in self._idle if entry[1] is not channel]
