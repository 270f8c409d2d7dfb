"""People work while what they work on is deployed anew, rolled back or restored: nothing that was acknowledged is lost.

`pytest tests/e2e/test_deployments.py -s --clients 50` has fifty of them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from cli.app import app
from deployed.terminal import Steps
from local.stack import RunningStack, deploy_assembly, synthesise
from openhouse.core import clock
from openhouse_client.errors import ClientError
from openhouse_client.rest import Rest
from tests.e2e.conftest import ORIGIN, Caller
from tests.e2e.crowd import check, crowd
from tests.e2e.listening import Listening
from tests.e2e.redeploying import next_version

AGENTS = ("ava@demo.test", "ben@demo.test", "josh@demo.test", "mia@demo.test", "leo@demo.test")
PEOPLE = (*AGENTS, "dana@demo.test")
SIZE = 12
PAUSE = 0.4  # seconds between two changes of one of them, on average, for each of them that there is

pytestmark = pytest.mark.timeout(1_800)


class Author:
    """Writes records of their own, and remembers what was acknowledged. What is not, they ask for again, as the app
    does.
    """

    def __init__(self, rest: Rest, name: str, home: str, pause: float, random: Random) -> None:
        self.acknowledged: dict[str, dict[str, Any]] = {}
        self.created = self.written = 0
        self.failures: list[str] = []
        self._rest = rest
        self._name = name
        self._home = home
        self._pause = pause
        self._random = random

    async def write_until(self, stop: asyncio.Event) -> None:
        for number in count():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 2 * self._pause * self._random.random())
            if stop.is_set():
                return
            if number % 3 == 0:
                record = await self._until_acknowledged(self._create)
                self.created += 1
            else:
                record = await self._until_acknowledged(self._change)
            self.acknowledged[record["id"]] = record
            self.written += 1

    async def _create(self, key: str) -> dict[str, Any]:
        fields = {"propertyAddress": "1 Harbor Way", "visibility": self._home, "buyerName": self._name}
        return await self._rest.create("escrows", fields, idempotency_key=key)

    async def _change(self, key: str) -> dict[str, Any]:
        return await self._rest.patch("escrows", self._random.choice([*self.acknowledged]), {"notes": key})

    async def _until_acknowledged(self, write: Callable[[str], Any]) -> dict[str, Any]:
        key = f"{self._name}-{self._random.getrandbits(64):x}"
        while True:
            try:
                return dict(await write(key))
            except ClientError as error:
                if not error.retryable:
                    raise
                self.failures.append(str(error))
                await asyncio.sleep(self._random.random())


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@asynccontextmanager
async def writing(everyone: Sequence[Listening]) -> AsyncIterator[list[Author]]:
    homes = {True: ["team", "broker", "team", "private"], False: ["broker", "private"]}
    authors = []
    for number, each in enumerate(everyone):
        of_person = homes[PEOPLE[number % len(PEOPLE)] in AGENTS]
        home = of_person[number // len(PEOPLE) % len(of_person)]
        authors.append(Author(each.rest, f"author-{uuid4().hex}", home, PAUSE * len(everyone), Random(number)))
    over = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for author in authors:
            tasks.create_task(author.write_until(over))
        yield authors
        over.set()


async def check_acknowledged(everyone: Sequence[Listening], authors: Sequence[Author]) -> None:
    """Whoever may see it has it as it was acknowledged, or as it became later; and nothing was made twice."""
    await check(everyone, len(PEOPLE))
    seen: dict[str, dict[str, Any]] = {}
    for each in everyone:
        held, rooms = each.held(), each.since.keys()
        for author in authors:
            for id_, record in author.acknowledged.items():
                if record["room"] in rooms:
                    assert held[id_]["version"] >= record["version"]
                    assert held[id_].get("notes") == record.get("notes")
        seen |= held
    for author in authors:
        made = [each for each in seen.values() if each.get("buyerName") == author._name]
        assert len(made) == author.created


def deploy(stack: RunningStack, assembly: Path) -> None:
    deploy_assembly(stack.cloud, stack.emulator.port, assembly, Steps())


def version_of(caller: Caller) -> str:
    return str(caller("GET", "/escrows?limit=1").headers.get("Openhouse-Version", "old"))


def test_a_deployment_and_its_rollback_lose_nothing_of_people_who_write_all_the_while(
    loop: asyncio.Runner,
    stack: RunningStack,
    assembly: Path,
    caller: Callable[[str], Caller],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    people = [caller(email) for email in PEOPLE]
    newer = next_version(assembly, tmp_path / "newer")
    size = request.config.getoption("--clients", SIZE)

    async def written(authors: Sequence[Author]) -> int:
        """Since the deployment began, and at least once after it."""
        during = sum(author.written for author in authors)
        while sum(author.written for author in authors) <= during:  # noqa: ASYNC110 - nobody says so
            await asyncio.sleep(0.1)
        return sum(author.written for author in authors)

    async def run() -> None:
        total = 0
        async with crowd(people, size) as everyone:
            async with writing(everyone) as authors:
                for version, each in (("new", newer), ("old", assembly)):
                    for author in authors:
                        author.written = 0
                    await asyncio.to_thread(deploy, stack, each)
                    assert await asyncio.to_thread(version_of, people[0]) == version
                    total += await written(authors)
            await check_acknowledged(everyone, authors)
            failures = [failure for author in authors for failure in author.failures]
            print(f"\n{total} writes of {size}, {len(failures)} requests asked again: {sorted(set(failures))}")  # noqa: T201

    try:
        loop.run(run())
    finally:
        if version_of(people[0]) == "new":
            deploy(stack, assembly)


def command(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.fixture
def original(stack: RunningStack, assembly: Path) -> Iterator[None]:
    """Whatever a test deploys, the tests after it have what was there before."""
    yield
    deploy(stack, assembly)


@pytest.mark.usefixtures("original")
def test_people_go_on_with_restored_tables_and_see_what_was_there_then(
    loop: asyncio.Runner, stack: RunningStack, caller: Callable[[str], Caller], tmp_path: Path
) -> None:
    people = [caller(email) for email in PEOPLE]
    ava, emulator = people[0], ("--emulator", stack.emulator.url)
    name = f"restored-{uuid4().hex[:8]}"
    undoing = f"undone by {name}"
    changed, dropped = (ava.create(visibility="team", notes="then") for _ in range(2))
    assert ava("PATCH", f"/escrows/{changed['id']}", {"notes": "then, too"}).status_code == 200

    async def run() -> None:
        async with crowd(people, len(PEOPLE)) as everyone:
            to = clock.to_wire(clock.utc_now() - timedelta(minutes=1))
            told = await asyncio.to_thread(command, "restore", "prepare", "--name", name, "--to", to, *emulator)
            (context,) = re.findall(r'"restoredTables": (\{.*\})', told)
            await asyncio.to_thread(undone)
            await everyone[0].until(lambda: everyone[0].held().get(changed["id"], {}).get("notes") == undoing)
            before = [{room: at.epoch for room, at in each.loaded.items()} for each in everyone]

            restored = tmp_path / "restored"
            await asyncio.to_thread(
                synthesise, restored, steps=Steps(), origins=(ORIGIN,), choices={"restoredTables": context}
            )
            await asyncio.to_thread(deploy, stack, restored)
            finished = await asyncio.to_thread(command, "restore", "finish", *emulator)
            assert re.search(r"Sockets closed: [1-9]", finished)
            print("", told, finished, sep="\n")  # noqa: T201

            def came_back() -> bool:
                return all(
                    each.loaded.keys() == known.keys()
                    and all(each.loaded[room].epoch != epoch for room, epoch in known.items())
                    for each, known in zip(everyone, before, strict=True)
                )

            await everyone[0].until(came_back)
            after = await asyncio.to_thread(ava.create, visibility="team", notes="after")
            await check(everyone, len(PEOPLE))
            for each in (everyone[0], everyone[1]):
                held = each.held()
                assert held[changed["id"]]["notes"] == "then, too"
                assert held[changed["id"]]["version"] == 2
                assert held[dropped["id"]]["notes"] == "then"
                assert held[after["id"]]["notes"] == "after"
                assert not [record for record in held.values() if record.get("notes") == undoing]

    def undone() -> None:
        assert ava("PATCH", f"/escrows/{changed['id']}", {"notes": undoing}).status_code == 200
        assert ava("DELETE", f"/escrows/{dropped['id']}").status_code == 204
        ava.create(visibility="team", notes=undoing)

    loop.run(run())
    steps = ava("GET", f"/escrows/{changed['id']}/history").json()["items"]
    assert [step["version"] for step in steps] == [2, 1]
    mapped = stack.cloud.functions().list_event_source_mappings()["EventSourceMappings"]
    streams = [str(each["EventSourceArn"]) for each in mapped if "/stream/" in str(each["EventSourceArn"])]
    assert streams
    assert all(f"table/{name}-" in stream for stream in streams)
