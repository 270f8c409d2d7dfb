"""A file of sales is loaded while people of both teams listen, and one of them loses the network half-way."""

from __future__ import annotations

import asyncio
import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.emulator import free_port
from local.serve import pages_of, serving
from local.stack import RunningStack
from tests.e2e.conftest import PATIENCE, Caller, on_aws
from tests.e2e.listening import Listening, listening, rest_of

SALES = Path(__file__).with_name("sales.csv")
# Of its rows, one cannot be an escrow, and one only without its state.
LOADED, REJECTED, LEFT_OUT = 23, ("line 24",), ("Left out:", "line 25")


@pytest.fixture
def config_url(stack: RunningStack) -> Iterator[str]:
    port = free_port()
    with serving(pages_of(stack.deployment, port), port):
        yield f"http://localhost:{port}/config.json"


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    """The file under a name of this run, or its rows would be loaded already."""
    return Path(shutil.copy(SALES, tmp_path / f"{uuid.uuid4()}.csv"))


async def load(sales: Path, config_url: str) -> tuple[int, str]:
    """The exit status and the output of the loader, as Ava runs it."""
    command = [sys.executable, "-m", "cli", "load", str(sales), "--module", "escrows", "--as", "ava@demo.test"]
    process = await asyncio.create_subprocess_exec(
        *command, "--endpoint", config_url, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def listed(caller: Caller) -> list[dict[str, Any]]:
    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        return [item async for page in rest_of(caller, http).pages("escrows") for item in page.items]


async def cut_half_way(listener: Listening, ava: Caller) -> None:
    """What she creates meanwhile is missed, even if all rows have come by then."""
    await listener.until(partial(has_heard, listener, ava, LOADED // 2))
    listener.cable.cut()
    await asyncio.to_thread(ava.create)
    await asyncio.sleep(2)
    listener.cable.mend()


def has_heard(listener: Listening, caller: Caller, count: int) -> bool:
    return len(listener.told_by(caller)) >= count


@on_aws
def test_whoever_lost_the_network_holds_the_same_as_everyone_and_as_the_server(
    ava: Caller, ben: Caller, mia: Caller, dana: Caller, config_url: str, sales: Path
) -> None:
    created = LOADED + 1

    async def run() -> None:
        async with AsyncExitStack() as people:
            everyone = [await people.enter_async_context(listening(who)) for who in (ava, ben, mia, dana)]
            north, cut, south, broker = everyone
            theirs = (await south.fresh()).keys()
            (status, output), _ = await asyncio.gather(load(sales, config_url), cut_half_way(cut, ava))
            assert status == 1, output
            assert f"Loaded {LOADED} of {LOADED + len(REJECTED)} rows" in output
            assert all(line in output for line in REJECTED + LEFT_OUT)
            for listener in (north, cut, broker):
                await listener.until(partial(has_heard, listener, ava, created))
                assert len(listener.told_by(ava)) == created
                assert listener.heard_each_once((await listener.rest.page("escrows", limit=1)).positions)
                assert listener.held() == await listener.fresh()
            await cut.until(lambda: any(recovery.missed.get("team:north") for recovery in cut.recoveries))
            assert not any(recovery.reset for recovery in cut.recoveries)
            assert [commit for commit in south.heard if commit.by != "openhouse:presence"] == []
            assert (await south.fresh()).keys() == theirs

    asyncio.run(run())


def test_loading_the_same_file_again_doubles_nothing(ava: Caller, config_url: str, sales: Path) -> None:
    before = len(asyncio.run(listed(ava)))
    for _ in range(2):
        _, told = asyncio.run(load(sales, config_url))
        assert f"Loaded {LOADED} of" in told
        assert len(asyncio.run(listed(ava))) == before + LOADED
