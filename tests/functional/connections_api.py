"""An `@connections` of our own that does what AWS's may do, byte by byte: moto's never answers Gone, the emulator never
throttles, and neither breaks a connection.

A socket's name says how it is: `gone-1` is gone, `slow-1` never answers, and so on.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ssl import SSLContext
from urllib.parse import unquote

STATUSES = {"gone": 410, "busy": 429, "broken": 500, "away": 503, "large": 413, "bad": 400, "moved": 301}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
ANSWERS = {
    "wordy": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "interim": b"HTTP/1.1 100 Continue\r\n\r\n" + OK,
    "garbage": b"SMTP ready\r\n\r\n",
    "twice": OK + OK,
    "upgrade": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
}


class ConnectionsApi:
    def __init__(self) -> None:
        self.received: defaultdict[str, list[bytes]] = defaultdict(list)  # bodies of posts that were answered with 2xx
        self.asked: Counter[str] = Counter()  # requests by socket, whatever became of them
        self.order: list[str] = []
        self.closed: list[str] = []  # by DELETE
        self.opened = 0  # TCP connections
        self.most_at_once = 0
        self.refuses = ""  # whatever is signed with this access key
        self.deaf = 0  # connections up to this number get no answer any more
        self.slams = 0  # of the next so many connections the end is all that there is
        self.port = 0
        self.scheme = "http"
        self._open: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}
        self._loop = asyncio.new_event_loop()

    @property
    def endpoint(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/live"

    @contextmanager
    def running(self, tls: SSLContext | None = None) -> Iterator[ConnectionsApi]:
        self.scheme = "https" if tls else "http"
        started = threading.Event()
        thread = threading.Thread(target=self._loop.run_until_complete, args=[self._serve(started, tls)])
        thread.start()
        started.wait()
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._over.set_result, None)
            thread.join()
            self._loop.close()

    def hang_up(self) -> None:
        """Ends all connections, as API Gateway does with those that lie idle."""

        async def end() -> None:
            for writer in self._open:
                writer.close()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result()

    async def _serve(self, started: threading.Event, tls: SSLContext | None) -> None:
        self._over = self._loop.create_future()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._over
        await asyncio.sleep(0.02)  # asyncio forgets to close whom it is letting in while it closes the door
        server.close()
        for writer, task in self._open.items():
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*self._open.values(), return_exceptions=True)
        await asyncio.sleep(0.01)  # transports close a moment after they were told to

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        if self.slams:
            self.slams -= 1
            writer.close()
            return
        self._open[writer] = self._loop.create_task(self._requests(reader, writer, self.opened))
        self.most_at_once = max(self.most_at_once, len(self._open))

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._request(reader, writer, number):
                    pass
        finally:
            del self._open[writer]
            writer.close()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, path, _ = head.split(" ", 2)
        length = next(line for line in head.lower().split("\r\n") if line.startswith("content-length:"))
        body = await reader.readexactly(int(length.split(":")[1]))
        name = unquote(path.rsplit("/", 1)[-1])
        kind = name.split("-")[0]
        self.asked[name] += 1
        self.order.append(name)
        if number <= self.deaf or kind == "slow":
            await asyncio.sleep(60)
        if self.refuses and f"Credential={self.refuses}/" in head:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return True
        if kind in ("cut", "half") or (kind == "shaky" and self.asked[name] == 1):
            writer.write(OK[:20] if kind == "half" else b"")
            return False
        status = 500 if kind == "flaky" and self.asked[name] == 1 else STATUSES.get(kind, 200)
        if status == 200 and method == "POST":
            self.received[name].append(body)
        if method == "DELETE":
            self.closed.append(name)
        last = b"Connection: close\r\n" if kind == "last" else b""
        writer.write(ANSWERS.get(kind) or b"HTTP/1.1 %d X\r\n%sContent-Length: 0\r\n\r\n" % (status, last))
        return kind != "last"
