"""A network that can be broken: a TCP proxy that resets its connections and then refuses new ones."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

PIECE = 64 * 1024
TURNS = 10  # of the event loop, within which what was accepted just before a cut is heard of


class Proxy:
    def __init__(self, upstream: int) -> None:
        """`upstream`: a port of this machine."""
        self._upstream = upstream
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.port = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Proxy]:
        await self.mend()
        try:
            yield self
        finally:
            self.cut()
            for _ in range(TURNS):
                await asyncio.gather(asyncio.sleep(0), *self._tasks, return_exceptions=True)

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers:
            _reset(writer)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None:  # accepted before a cut, and heard of after it
            _reset(writer)
            return
        self._writers.add(writer)
        self._remember(asyncio.current_task())
        try:
            there = await asyncio.open_connection("127.0.0.1", self._upstream)
        except OSError:
            self._writers.discard(writer)
            _reset(writer)
            return
        if writer.transport.is_closing():  # cut while it was on its way
            self._writers.discard(writer)
            _reset(there[1])
            return
        for source, sink in ((reader, there[1]), (there[0], writer)):
            self._writers.add(sink)
            self._remember(asyncio.create_task(self._pump(source, sink)))

    def _remember(self, task: asyncio.Task[Any] | None) -> None:
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(PIECE):
                sink.write(data)
                await sink.drain()
        sink.close()
        with suppress(OSError):
            await sink.wait_closed()
        self._writers.discard(sink)


def _reset(writer: asyncio.StreamWriter) -> None:
    """No goodbye: whoever is at the other end gets an error."""
    kept: socket.socket | None = writer.get_extra_info("socket")
    with suppress(OSError):
        if kept is not None:
            kept.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
