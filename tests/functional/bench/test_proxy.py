"""The network that benchmarks break."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bench.proxy import Proxy


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(100):
        writer.write(data)
    writer.close()


def test_a_cut_resets_what_is_open_and_refuses_what_is_new_until_it_is_mended() -> None:
    async def run() -> None:
        async with (
            await asyncio.start_server(_echo, "127.0.0.1", 0) as server,
            Proxy(server.sockets[0].getsockname()[1]).running() as proxy,
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello"
            proxy.cut()
            with pytest.raises(ConnectionResetError):
                await reader.read(1)
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.close()
            await proxy.mend()
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"again")
            assert await reader.readexactly(5) == b"again"
            writer.close()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_a_cut_resets_what_is_on_its_way_too_and_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = asyncio.open_connection

    async def run() -> None:
        begun, cut = asyncio.Event(), asyncio.Event()

        async def slowly(*address: Any) -> Any:
            begun.set()
            await cut.wait()
            return await connect(*address)

        monkeypatch.setattr(asyncio, "open_connection", slowly)
        async with (
            await asyncio.start_server(_echo, "127.0.0.1", 0) as server,
            Proxy(server.sockets[0].getsockname()[1]).running() as proxy,
        ):
            reader, writer = await connect("127.0.0.1", proxy.port)
            await begun.wait()
            proxy.cut()
            cut.set()
            with pytest.raises(ConnectionResetError):
                await reader.read(1)
            writer.close()

    asyncio.run(asyncio.wait_for(run(), 60))
