"""A file of sales is loaded while people of both teams listen, and one of them loses the network half-way."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest

from local.emulator import free_port
from local.serve import pages_of, serving
from local.stack import RunningStack
from tests.e2e.conftest import Caller, on_aws
from tests.e2e.listening import Listening, listening

SALES = Path(__file__).with_name("sales.csv")
# Of its rows, one cannot be an escrow, and one only without its state.
LOADED, REJECTED, LEFT_OUT = 23, ("line 24",), ("Left out:", "line 25")


@pytest.fixture
def config_url(stack: RunningStack) -> Iterator[str]:
    port = free_port()
    with serving(pages_of(stack.deployment, port), port):
        yield f"http://localhost:{port}/config.json"


async def load(config_url: str) -> tuple[int, str]:
    """The exit status and the output of the loader, as Ava runs it."""
    command = [sys.executable, "-m", "cli", "load", str(SALES), "--module", "escrows", "--as", "ava@demo.test"]
    process = await asyncio.create_subprocess_exec(
        *command, "--endpoint", config_url, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def cut_half_way(listener: Listening) -> None:
    await listener.until(lambda: len(listener.heard) >= LOADED // 2)
    listener.cable.cut()
    await asyncio.sleep(2)
    listener.cable.mend()


def holds(listener: Listening, count: int) -> bool:
    return len(listener.cache.all("escrow")) >= count


@on_aws
def test_whoever_lost_the_network_holds_the_same_as_everyone_and_as_the_server(
    ava: Caller, ben: Caller, mia: Caller, dana: Caller, config_url: str
) -> None:
    async def run() -> None:
        async with AsyncExitStack() as people:
            everyone = [await people.enter_async_context(listening(who)) for who in (ava, ben, mia, dana)]
            north, cut, south, broker = everyone
            before = {listener: len(await listener.fresh()) for listener in everyone}
            (status, output), _ = await asyncio.gather(load(config_url), cut_half_way(cut))
            assert status == 1, output
            assert f"Loaded {LOADED} of {LOADED + len(REJECTED)} rows" in output
            assert all(line in output for line in REJECTED + LEFT_OUT)
            for listener in (north, cut, broker):
                await listener.until(partial(holds, listener, before[listener] + LOADED))
                assert listener.held() == await listener.fresh()
                seqs = [commit.position.seq for commit in listener.heard if commit.room == "team:north"]
                assert seqs == list(range(seqs[0], seqs[0] + LOADED))
            assert sum(recovery.missed.get("team:north", 0) for recovery in cut.recoveries) > 0
            assert not any(recovery.reset for recovery in cut.recoveries)
            assert [commit for commit in south.heard if commit.by != "openhouse:presence"] == []
            assert len(await south.fresh()) == before[south]

    asyncio.run(run())


def test_loading_the_same_file_again_doubles_nothing(ava: Caller, config_url: str) -> None:
    _, first = asyncio.run(load(config_url))
    count = len(ava("GET", "/escrows", params={"limit": "200"}).json()["items"])
    _, again = asyncio.run(load(config_url))
    assert f"Loaded {LOADED} of" in first
    assert f"Loaded {LOADED} of" in again
    assert len(ava("GET", "/escrows", params={"limit": "200"}).json()["items"]) == count
