"""One socket without any client logic: every frame that came, and when."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from openhouse_client.errors import ClientError
from openhouse_client.websocket import Socket


class Arrival(NamedTuple):
    """`at`: by `time.perf_counter`."""

    at: float
    frame: Mapping[str, Any]
    size: int  # bytes


class Line:
    def __init__(self, socket: Socket) -> None:
        self.arrivals: list[Arrival] = []
        self._socket = socket
        self._news = asyncio.Event()
        self._ids = itertools.count(1)
        self._reading = asyncio.create_task(self._read())

    async def say(self, **message: Any) -> None:
        await self._socket.send(json.dumps(message))

    async def ask(self, action: str, *, patience: float, **content: Any) -> Mapping[str, Any]:
        """The reply. Raises TimeoutError."""
        id_ = f"q{next(self._ids)}"
        await self.say(action=action, id=id_, **content)
        return (await self.until(lambda frame: frame.get("reply") == id_, patience)).frame

    async def until(self, wanted: Callable[[Mapping[str, Any]], bool], seconds: float, *, after: int = 0) -> Arrival:
        """The first that is wanted, but for the first `after`. Raises TimeoutError, or why the socket ended."""
        seen = after
        async with asyncio.timeout(seconds):
            while True:
                for arrival in self.arrivals[seen:]:
                    if wanted(arrival.frame):
                        return arrival
                seen = len(self.arrivals)
                if self._reading.done():
                    await self._reading
                self._news.clear()
                await self._news.wait()

    async def close(self) -> None:
        self._reading.cancel()
        with suppress(asyncio.CancelledError, ClientError):
            await self._reading
        await self._socket.close()

    async def _read(self) -> None:
        try:
            while True:
                text = await self._socket.receive()
                self.arrivals.append(Arrival(time.perf_counter(), json.loads(text), len(text.encode())))
                self._news.set()
        finally:
            self._news.set()
