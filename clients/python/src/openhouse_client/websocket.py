"""Sockets as the session sees them, and the real ones over `websockets`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.frames import CloseCode

from openhouse_client.errors import ClientError, Disconnected, FrameTooLarge, ProtocolError, Unreachable

OPEN_SECONDS, CLOSE_SECONDS = 10.0, 2.0


class Socket(Protocol):
    async def send(self, text: str) -> None:
        """Raises Disconnected, or FrameTooLarge if that is why it was closed."""

    async def receive(self) -> str:
        """The next text frame. Raises as `send` does."""

    async def close(self) -> None:
        """Says goodbye, if there is still someone to hear it. Never raises."""


Connect = Callable[[str], Awaitable[Socket]]


async def open_websocket(url: str, *, open_seconds: float = OPEN_SECONDS) -> Socket:
    """`open_seconds`: within which the handshake has to end.

    Raises Unreachable, also when the handshake is refused: whether the login is at fault is for REST to say.
    """
    where = urlsplit(url).netloc  # never the query: it holds the ticket
    try:
        return _WebSocket(
            await connect(
                url,
                open_timeout=open_seconds,
                close_timeout=CLOSE_SECONDS,
                ping_interval=None,  # the session's own ping tells more: it goes through to the log
            )
        )
    except InvalidStatus as error:
        raise Unreachable(f"{where} refused the socket (HTTP {error.response.status_code})") from error
    except (OSError, InvalidHandshake, InvalidURI, EOFError) as error:  # TimeoutError is an OSError
        raise Unreachable(f"no socket at {where} ({type(error).__name__})") from error


class _WebSocket:
    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, text: str) -> None:
        try:
            await self._connection.send(text)
        except ConnectionClosed as closed:
            raise _disconnected(closed) from closed

    async def receive(self) -> str:
        try:
            frame = await self._connection.recv()
        except ConnectionClosed as closed:
            raise _disconnected(closed) from closed
        if isinstance(frame, bytes):
            raise ProtocolError("the server sent a binary frame")
        return frame

    async def close(self) -> None:
        await self._connection.close()


def _disconnected(closed: ConnectionClosed) -> ClientError:
    """Who sent too long a frame would send it again on the next connection: that is not one to be made."""
    if any(close.code == CloseCode.MESSAGE_TOO_BIG for close in (closed.rcvd, closed.sent) if close):
        return FrameTooLarge("the socket was closed because a frame was too long (1009)")
    if closed.rcvd is None:
        return Disconnected("the connection broke")
    reason = f": {closed.rcvd.reason}" if closed.rcvd.reason else ""
    return Disconnected(f"the server closed the socket ({closed.rcvd.code}{reason})", closed.rcvd.code)
