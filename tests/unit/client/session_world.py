"""A session in a world of its own: a fake server, a clock that moves when told, and ears that remember."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from openhouse_client.environment import Environment, Timings
from openhouse_client.listener import Listener, Lost, Recovered, State, Status
from openhouse_client.protocol import Commit, Event, Position, read_positions
from openhouse_client.session import Session
from tests.unit.client.fake_server import FakeClock, FakeServer
from tests.unit.client.model import Model

NORTH, MINE = "team:north", "user:ava"
TIMINGS = Timings(silence=30, reply=10, gap=0.2, settled=10, rotate=86_400)


class Ears(Listener):
    def __init__(self, server: FakeServer) -> None:
        self.states: list[State] = []
        self.commits: list[tuple[str, int]] = []
        self.recoveries: list[Recovered] = []
        self.gone: list[str] = []
        self.events: list[Event] = []
        self.refetched: list[set[str]] = []
        self.refetch_takes = 0.0
        self.unlisted: set[str] = set()
        self._server = server

    def state(self, state: State) -> None:
        self.states.append(state)

    def commit(self, commit: Commit) -> None:
        self.commits.append((commit.room, commit.position.seq))

    def recovered(self, recovered: Recovered) -> None:
        self.recoveries.append(recovered)

    def left(self, room: str) -> None:
        self.gone.append(room)

    def ephemeral(self, event: Event) -> None:
        self.events.append(event)

    async def refetch(self, lost: Mapping[str, Lost]) -> Mapping[str, Position]:
        self.refetched.append(set(lost))
        positions = read_positions(self._server.model.heads())
        await self._server.clock.sleep(self.refetch_takes)
        return {room: position for room, position in positions.items() if room not in self.unlisted}

    @property
    def statuses(self) -> list[Status]:
        return [state.status for state in self.states]


class World:
    def __init__(
        self,
        *,
        positions: Mapping[str, Position] | None = None,
        model: Model | None = None,
        timings: Timings = TIMINGS,
        random: float = 0.5,
    ) -> None:
        self.clock = FakeClock()
        self.model = model or Model(NORTH, MINE)
        self.server = FakeServer(self.model, self.clock)
        self.ears = Ears(self.server)
        self.session = Session(
            self.server.ticket,
            self.ears,
            positions=positions,
            timings=timings,
            environment=Environment(connect=self.server.connect, clock=self.clock, random=lambda: random),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.session.run())
        await self.clock.advance(0.01)
        try:
            yield task
        finally:
            await self.session.close()
            await asyncio.wait([task])
            if not task.cancelled():
                task.exception()  # whoever is interested awaits the task

    def status(self) -> Status:
        return self.session.state.status

    async def create(self, *ids: str, room: str = NORTH, publish: bool = True) -> None:
        for id_ in ids:
            self.model.create(id_, room)
        if publish:
            self.server.publish()
        await self.clock.advance(0)
