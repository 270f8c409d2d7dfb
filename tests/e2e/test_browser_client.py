"""The browser client against the deployed stack, in Node: what somebody else changes, it has, without asking."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from deployed.cdk import NODE
from tests.e2e.conftest import Caller, for_everyone
from tests.web.node_tools import run_tool

SCRIPT = Path(__file__).with_name("browser_client.mjs")


class Told:
    """What the client says, line by line, and what it is told to do."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        assert self._process.stdout
        async with asyncio.timeout(30):
            while line := await self._process.stdout.readline():
                said = dict(json.loads(line))
                assert "failed" not in said, said
                if wanted(said):
                    return said
        raise AssertionError("it has ended")

    async def event(self, name: str, id_: str) -> dict[str, Any]:
        """That event of that record, or of one that is gone."""
        return await self.until(lambda said: said.get("event") == name and (said["record"] or {"id": id_})["id"] == id_)

    async def do(self, what: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{what}\n".encode())
        await self._process.stdin.drain()


@asynccontextmanager
async def listening(folder: Path, who: Caller) -> AsyncIterator[Told]:
    process = await asyncio.create_subprocess_exec(
        *(str(NODE / "node"), str(SCRIPT), str(folder), who.base_url, who.token, who.user_id),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        told = Told(process)
        await told.until(lambda said: said.get("status") == "connected")
        yield told
    finally:
        assert process.stdin
        process.stdin.close()
        await asyncio.wait_for(process.wait(), 10)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that it is built into."""
    folder = tmp_path_factory.mktemp("client")
    run_tool("typescript", "tsc", "--project", "tsconfig.build.json", "--outDir", str(folder))
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


def test_it_has_what_others_do_without_asking_and_what_it_missed_when_it_comes_back(
    client: Path, ava: Caller, ben: Caller
) -> None:
    async def run() -> None:
        async with listening(client, ben) as told:
            escrow = ava.create(city="Davis")
            created = await told.event("escrow:created", escrow["id"])
            assert created["record"] == for_everyone(escrow)

            changed = ava("PATCH", f"/escrows/{escrow['id']}", {"city": "Chico", "notes": "é"}).json()
            assert (await told.event("escrow:updated", escrow["id"]))["record"] == for_everyone(changed)

            await told.do("ping")
            rooms = (await told.until(lambda said: "pong" in said))["pong"]
            assert escrow["room"] in rooms

            await told.do("cut")
            await told.until(lambda said: said.get("status") == "reconnecting")
            archived = ava("POST", f"/escrows/{escrow['id']}/archive").json()
            found = await told.event("escrow:archived", escrow["id"])
            assert found["record"] == for_everyone(archived)
            assert found["gets"] == created["gets"]

            ava("DELETE", f"/escrows/{escrow['id']}")
            assert (await told.event("escrow:deleted", escrow["id"]))["record"] is None

    asyncio.run(run())


def test_its_person_is_there_for_others_away_when_its_page_is_hidden_and_back_when_it_is_looked_at(
    client: Path, ava: Caller, ben: Caller
) -> None:
    async def run() -> None:
        async with listening(client, ben) as watching:
            await watching.do("together")

            async def sees(status: str) -> None:
                await watching.until(lambda said: said.get("people", {}).get(ava.user_id) == status)

            async with listening(client, ava) as told:
                await told.do("together")
                await sees("online")
                await told.do("hide")
                await sees("away")
                await told.do("show")
                await sees("online")

    asyncio.run(run())


def test_it_hears_nothing_of_another_team(client: Path, ava: Caller, mia: Caller) -> None:
    async def run() -> None:
        async with listening(client, mia) as told:
            hidden = ava.create()
            own = mia.create()
            heard = await told.until(lambda said: "event" in said)
            assert heard["record"] == for_everyone(own)
            assert hidden["room"] != own["room"]

    asyncio.run(run())
