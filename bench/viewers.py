"""People who look at a list of records, and how long it takes until each of them sees a change."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from deployed.endpoints import Endpoints
from deployed.sign_in import DEMO_PASSWORD
from deployed.signed_in import signed_in
from deployed.terminal import CommandFailed
from openhouse_client.cache import Cache
from openhouse_client.environment import Environment
from openhouse_client.listener import Listener, Lost
from openhouse_client.protocol import Commit, Position
from openhouse_client.rest import Rest
from openhouse_client.session import Session
from openhouse_client.websocket import Socket, open_websocket

NOUN, PATH = "escrow", "escrows"
PATIENCE = 30.0  # seconds in which a change must have reached everyone


@dataclass(frozen=True)
class Turn:
    """Seconds from the start of the PATCH: to its answer, and until each viewer had the new state, in order."""

    answered: float
    seen: Sequence[float]
    bytes: int  # that it took one viewer to receive


class Viewer(Listener):
    """`refetches`: takes a commit for a mere notification and fetches the list again, as the usual design does."""

    def __init__(self, limit: int) -> None:
        self.refetches = False
        self.received = 0  # bytes since the turn began
        self._limit = limit
        self._cache = Cache([NOUN])
        self._rest: Rest | None = None
        self._fetching: set[asyncio.Task[None]] = set()
        self._awaited = ("", 0)
        self._seen: asyncio.Future[float] | None = None

    def await_version(self, id_: str, version: int) -> asyncio.Future[float]:
        """When the copy of that record has come to that version, by `time.perf_counter`."""
        self._awaited = id_, version
        self._seen = asyncio.get_running_loop().create_future()
        self.received = 0
        return self._seen

    def commit(self, commit: Commit) -> None:
        if not self.refetches:
            self._cache.apply(commit)
            self._look()
            return
        task = asyncio.create_task(self._fetch())
        self._fetching.add(task)
        task.add_done_callback(self._fetching.discard)

    async def refetch(self, lost: Mapping[str, Lost]) -> Mapping[str, Position]:
        await self._fetch()
        return await super().refetch(lost)

    @asynccontextmanager
    async def looking(self, endpoints: Endpoints, email: str) -> AsyncIterator[None]:
        """With the list loaded and a live socket, until the end of the block."""
        async with (
            httpx.AsyncClient(timeout=PATIENCE, event_hooks={"response": [self._count]}) as http,
            signed_in(endpoints, email, DEMO_PASSWORD, http) as self._rest,
        ):
            session = Session(self._rest.ticket, self, environment=Environment(connect=self._connect))
            running = asyncio.create_task(session.run())
            try:
                yield
            finally:
                await session.close()
                await running

    async def _fetch(self) -> None:
        assert self._rest is not None
        with self._cache.fetching() as fetch:
            page = await self._rest.page(PATH, limit=self._limit)
            self._cache.load(NOUN, page.items, fetch)
        self._look()

    def _look(self) -> None:
        id_, version = self._awaited
        known = self._cache.get(NOUN, id_)
        if known and known["version"] >= version and self._seen and not self._seen.done():
            self._seen.set_result(time.perf_counter())

    async def _count(self, response: httpx.Response) -> None:
        self.received += len(await response.aread())

    async def _connect(self, url: str) -> Socket:
        return _Counted(await open_websocket(url), self)


class _Counted:
    """A socket that tells its viewer how much it receives."""

    def __init__(self, socket: Socket, viewer: Viewer) -> None:
        self._socket = socket
        self._viewer = viewer
        self.send, self.close = socket.send, socket.close

    async def receive(self) -> str:
        text = await self._socket.receive()
        self._viewer.received += len(text.encode())
        return text


class Room:
    """A team whose members all look at the same list, while one of them changes it."""

    def __init__(self, writer: Rest, viewers: Sequence[Viewer], records: Sequence[dict[str, Any]]) -> None:
        self._writer = writer
        self._viewers = viewers
        self._versions = {record["id"]: int(record["version"]) for record in records}
        self._ids = list(self._versions)
        self._turns = 0

    async def turn(self, *, refetch: bool) -> Turn:
        """One change of one record, until everyone sees it."""
        self._turns += 1
        id_ = self._ids[self._turns % len(self._ids)]
        version = self._versions[id_] = self._versions[id_] + 1
        for viewer in self._viewers:
            viewer.refetches = refetch
        awaited = [viewer.await_version(id_, version) for viewer in self._viewers]
        started = time.perf_counter()
        await self._writer.patch(PATH, id_, {"purchasePriceCents": 42_500_000 + self._turns})
        answered = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                seen = await asyncio.gather(*awaited)
        except TimeoutError as error:
            raise CommandFailed(f"A change had not reached everyone after {PATIENCE:.0f} s.") from error
        received = max(viewer.received for viewer in self._viewers)
        return Turn(answered - started, sorted(moment - started for moment in seen), received)


@asynccontextmanager
async def looking_at(
    endpoints: Endpoints, records: Sequence[Mapping[str, Any]], *, writer: str, viewers: Sequence[str]
) -> AsyncIterator[Room]:
    """Creates the records, and has everyone look at them."""
    async with AsyncExitStack() as people:
        rest = await people.enter_async_context(signed_in(endpoints, writer, DEMO_PASSWORD))
        created = [await rest.create(PATH, record) for record in records]
        lookers = [Viewer(len(records)) for _ in viewers]
        for looker, email in zip(lookers, viewers, strict=True):
            await people.enter_async_context(looker.looking(endpoints, email))
        yield Room(rest, lookers, created)
