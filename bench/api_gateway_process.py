"""API Gateway's stand-in as a process: `@connections` on one port, and on another the sockets that it posts to.

Who started it hears of sockets on standard output, as functions hear of them from API Gateway, and answers on standard
input; a JSON document a line. It does nothing else: no signature is checked, no post is refused.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import signal
import ssl
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import httptools
import uvloop
from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

BACKLOG = 2_048


class Hub:
    """The sockets by connection id. `everyone`: also ids that nobody has are posted to, and nothing comes of it."""

    def __init__(self, tell: asyncio.WriteTransport, *, everyone: bool) -> None:
        self.sockets: dict[str, Socket] = {}
        self.joining: dict[str, Socket] = {}
        self.posts = self.bytes = 0
        self._everyone = everyone
        self._tell = tell
        self._ids = (f"L{number:014x}=" for number in itertools.count(1))  # as long as API Gateway's

    def tell(self, **news: Any) -> None:
        self._tell.write(json.dumps(news).encode() + b"\n")

    def new_id(self) -> str:
        return next(self._ids)

    def post(self, method: bytes, id_: str, body: bytes) -> int:
        """The status of a request."""
        socket = self.sockets.get(id_)
        if socket is None and not self._everyone:
            return 410
        if method == b"DELETE":
            if socket is not None:
                socket.close()
            return 204
        self.posts += 1
        self.bytes += len(body)
        if socket is not None:
            socket.send(body)
        return 200

    def hear(self, order: dict[str, Any]) -> None:
        if "accept" in order:
            if socket := self.joining.pop(order["accept"], None):
                socket.answer(accepted=bool(order["ok"]))
        elif "count" in order:
            self.tell(counted=order["count"], posts=self.posts, bytes=self.bytes)
            self.posts = self.bytes = 0


class Posts(asyncio.Protocol):
    """One connection of a client of `@connections`. The parser hands url, headers and body straight to lists."""

    STATUSES = {200: b"200 OK", 204: b"204 No Content", 404: b"404 Not Found", 410: b"410 Gone"}
    _numbers = itertools.count()

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._url: list[bytes] = []
        self._headers: dict[bytes, bytes] = {}
        self._body: list[bytes] = []
        self.on_url, self.on_header, self.on_body = self._url.append, self._headers.__setitem__, self._body.append
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._transport.abort()

    def on_message_complete(self) -> None:
        _, found, id_ = b"".join(self._url).partition(b"/@connections/")
        status = self._hub.post(self._parser.get_method(), _decoded(id_), b"".join(self._body)) if found else 404
        self._url.clear()
        self._headers.clear()
        self._body.clear()
        number = next(self._numbers)
        self._transport.write(
            b"HTTP/1.1 %b\r\nDate: Mon, 02 Mar 2026 12:00:00 GMT\r\nContent-Length: 0\r\nConnection: keep-alive\r\n"
            b"x-amzn-RequestId: %08x-0000-4000-8000-000000000000\r\nx-amz-apigw-id: L%011x=\r\n\r\n"
            % (self.STATUSES[status], number, number)
        )


def _decoded(id_: bytes) -> str:
    text = id_.replace(b"%3D", b"=").decode()
    return unquote(text) if "%" in text else text


class Socket(asyncio.Protocol):
    """One WebSocket. What it receives is told; what is posted to it is one text frame."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._id = hub.new_id()
        self._protocol = ServerProtocol()
        self._request: Request | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._request = event
                self._hub.joining[self._id] = self
                self._hub.tell(connect=self._id, query=urlsplit(event.path).query)
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self._hub.tell(message=self._id, text=bytes(event.data).decode())
        self._flush()

    def connection_lost(self, _exc: Exception | None) -> None:
        self._hub.joining.pop(self._id, None)
        if self._hub.sockets.pop(self._id, None):
            self._hub.tell(disconnect=self._id)

    def answer(self, *, accepted: bool) -> None:
        assert self._request is not None
        if accepted:
            self._hub.sockets[self._id] = self
            response = self._protocol.accept(self._request)
        else:
            response = self._protocol.reject(403, "Forbidden\n")
        self._protocol.send_response(response)
        self._flush()

    def send(self, text: bytes) -> None:
        size = len(text)
        if size < 126:
            head = bytes((0x81, size))
        elif size < 1 << 16:
            head = b"\x81\x7e" + size.to_bytes(2, "big")
        else:
            head = b"\x81\x7f" + size.to_bytes(8, "big")
        self._transport.writelines((head, text))

    def close(self) -> None:
        with suppress(InvalidState):  # it is closing already
            self._protocol.send_close(1000)
        self._flush()

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()


class _Orders(asyncio.Protocol):
    """From whoever started this process; when they are gone, so is it."""

    def __init__(self, hub: Hub, over: asyncio.Future[None]) -> None:
        self._hub = hub
        self._over = over
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._hub.hear(json.loads(line))

    def connection_lost(self, _exc: Exception | None) -> None:
        if not self._over.done():
            self._over.set_result(None)


async def _serve(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # Ctrl-C is for whoever started this
    loop.set_exception_handler(lambda *_: None)  # clients leave without a word, which TLS takes amiss
    over = loop.create_future()
    tell, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, sys.stdout)
    hub = Hub(tell, everyone=options.everyone)
    tls = None
    if options.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.certificate)
    ports = []
    for protocol, context in ((Posts, tls), (Socket, None)):
        server = await loop.create_server(
            lambda protocol=protocol: protocol(hub),
            "127.0.0.1",
            0,
            ssl=context,
            backlog=BACKLOG,
        )
        ports.append(server.sockets[0].getsockname()[1])
    hub.tell(ports=ports)
    await loop.connect_read_pipe(lambda: _Orders(hub, over), sys.stdin)
    await over


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.api_gateway_process")
    parser.add_argument("--certificate", help="PEM file with key and certificate: then `@connections` speaks TLS")
    parser.add_argument("--everyone", action="store_true", help="take posts for sockets that are not there, too")
    uvloop.run(_serve(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
