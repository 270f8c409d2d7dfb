"""One socket while it lives: requests find their replies, everything else is handed on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, NoReturn

from openhouse_client.clock import Clock
from openhouse_client.errors import ClientError, FrameTooLarge, TimedOut, TooManyRequests
from openhouse_client.protocol import (
    MAX_FRAME_BYTES,
    Closing,
    Commits,
    Ephemeral,
    Frame,
    GatewayFault,
    Reply,
    read_frame,
)
from openhouse_client.websocket import Socket

MAX_PENDING = 64
BEAT = "presence"


class Connection:
    """A request without a reply within `reply_seconds` has failed."""

    def __init__(self, socket: Socket, clock: Clock, *, reply_seconds: float) -> None:
        self._socket = socket
        self._clock = clock
        self._reply_seconds = reply_seconds
        self._ids = count(1)
        self._pending: dict[str, asyncio.Future[Mapping[str, Any]]] = {}
        self._ended: ClientError | None = None
        self._beats: set[str] = set()
        self._told: set[str] = set()
        self.alive_at = clock.monotonic()  # the last time that anything arrived
        self.is_plain = False  # the server is older than what is silent: it has refused it
        self.heard_at = clock.monotonic()  # the last time that anything arrived but a beat's reply, which tells nothing

    async def read(self, news: Callable[[Commits | Ephemeral], None]) -> NoReturn:
        """Calls `news` with each frame that is no reply, in the order of arrival, until the socket ends.

        Raises what ended it, also to everyone who waits for a reply.
        """
        try:
            while True:
                text = await self._socket.receive()
                self._take(read_frame(text), news)
        except ClientError as error:
            self._ended = error
            for reply in self._pending.values():
                if not reply.done():
                    reply.set_exception(error)
            raise

    async def request(self, action: str, **content: Any) -> Mapping[str, Any]:
        """The server's reply. Raises Refused, TimedOut, FrameTooLarge, TooManyRequests or what ended the socket."""
        if self._ended:
            raise self._ended
        if len(self._pending) >= MAX_PENDING:
            raise TooManyRequests(f"{MAX_PENDING} requests are still without a reply")
        id_ = str(next(self._ids))
        text = json.dumps({"action": action, "id": id_, **content}, ensure_ascii=False, separators=(",", ":"))
        if len(text.encode()) > MAX_FRAME_BYTES:
            raise FrameTooLarge(f"a frame may hold {MAX_FRAME_BYTES} bytes")
        reply: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._pending[id_] = reply
        if action == BEAT:
            self._beats.add(id_)
        try:
            async with self._clock.timeout(self._reply_seconds):
                await self._socket.send(text)
                return await reply
        except TimeoutError as error:
            raise TimedOut(f"no reply to {action} within {self._reply_seconds:g} s") from error
        finally:
            del self._pending[id_]
            self._beats.discard(id_)

    async def tell(self, action: str, **content: Any) -> None:
        """Says something that is answered only if refused, which nobody waits for. Raises what ended the socket."""
        if self._ended:
            raise self._ended
        id_ = str(next(self._ids))
        self._told.add(id_)
        message = {"action": action, "id": id_, **content, "silent": True}
        await self._socket.send(json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    async def answered(self) -> None:
        """Returns once no request waits for a reply."""
        while self._pending:
            await asyncio.wait(self._pending.values())

    def _take(self, frame: Frame | None, news: Callable[[Commits | Ephemeral], None]) -> None:
        self.alive_at = self._clock.monotonic()
        if not isinstance(frame, Reply) or (frame.id not in self._beats and frame.id not in self._told):
            self.heard_at = self.alive_at
        match frame:
            case Reply(id=None, error=error) if error:
                raise error  # it could not even read what we said: this connection is of no use
            case Reply(id=str(id_), content=content, error=error):
                if id_ in self._told and error and not error.retryable:
                    self.is_plain = True
                reply = self._pending.get(id_)
                if reply is None or reply.done():
                    return  # too late: nobody waits for it any more
                if error:
                    reply.set_exception(error)
                else:
                    reply.set_result(content)
            case Commits() | Ephemeral():
                news(frame)
            case Closing(error):
                raise error
            case GatewayFault(error):
                self._fail_the_only_request(error)
            case _:
                return  # of a kind that is newer than this client

    def _fail_the_only_request(self, error: ClientError) -> None:
        """API Gateway does not say which request failed. Of several, each is answered, or is not, within its time."""
        if len(self._pending) == 1:
            (reply,) = self._pending.values()
            if not reply.done():
                reply.set_exception(error)
