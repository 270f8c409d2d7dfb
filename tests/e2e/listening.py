"""People who listen with the model client and hold a copy of everything they can see."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx

from deployed.connected import Cable, connected
from openhouse_client.backoff import Backoff
from openhouse_client.clock import SystemClock
from openhouse_client.environment import Timings
from openhouse_client.listener import Lost, Recovered, State, Status
from openhouse_client.protocol import Commit, Position
from openhouse_client.replica import Replica
from openhouse_client.rest import Rest
from openhouse_client.tokens import Token
from openhouse_client.websocket import Connect, open_websocket
from tests.e2e.conftest import PATIENCE, Caller

CONNECTING = 600.0  # seconds: of a hundred who come at once, on a busy machine, for the last one
# Whoever gave a slow handshake up and tried again would make a busy emulator busier.
PATIENT: Connect = partial(open_websocket, open_seconds=CONNECTING)
TIMINGS = Timings(reply=PATIENCE)  # for the same reason


class Listening(Replica):
    """A copy of the escrows, and everything that was heard on the way."""

    def __init__(self, rest: Rest, cable: Cable) -> None:
        super().__init__(rest, {"escrow": "escrows"}, clock=SystemClock(), backoff=Backoff(random.random))
        self.rest = rest
        self.cable = cable
        self.heard: list[Commit] = []
        self.states: list[State] = []
        self.recoveries: list[Recovered] = []
        self.loaded: dict[str, Position] = {}  # where each room was when it was last fetched whole
        self.since: dict[str, list[Position]] = {}  # what was heard of it since then

    def state(self, state: State) -> None:
        self.states.append(state)

    def commit(self, commit: Commit) -> None:
        self.heard.append(commit)
        self.since[commit.room].append(commit.position)
        super().commit(commit)

    def recovered(self, recovered: Recovered) -> None:
        self.recoveries.append(recovered)

    def left(self, room: str) -> None:
        del self.loaded[room], self.since[room]
        super().left(room)

    async def refetch(self, lost: Mapping[str, Lost]) -> Mapping[str, Position]:
        found = await super().refetch(lost)
        for room in lost:
            self.loaded[room], self.since[room] = found[room], []
        return found

    @property
    def statuses(self) -> list[Status]:
        return [state.status for state in self.states]

    def told_by(self, caller: Caller) -> list[Commit]:
        """What that person has done, of all that was heard: who comes and goes is told in the same rooms."""
        return [commit for commit in self.heard if commit.by == caller.user_id]

    def reached(self, heads: Mapping[str, Position]) -> bool:
        """All that was committed until `heads`, and every record that was too large for a patch.

        Perhaps more: who comes and goes is told in the same rooms, whoever else is silent.
        """
        return not self.cache.wanted and all(
            (at := self._at(room)) is not None and at.epoch == head.epoch and at.seq >= head.seq
            for room, head in heads.items()
        )

    def heard_each_once(self, heads: Mapping[str, Position]) -> bool:
        """Every commit from when its room was last fetched until `heads` at least, in order, and no other room's."""
        return self.since.keys() == heads.keys() and all(
            seen == [Position(start.epoch, start.seq + number) for number in range(1, len(seen) + 1)]
            for room, seen in self.since.items()
            for start in [self.loaded[room]]
        )

    def where(self) -> str:
        """For whoever wants to know why this one has not everything."""
        rooms = {room: self._at(room) for room in self.since}
        return f"{self.states[-1:]} at {rooms}, still wants {self.cache.wanted}"

    def _at(self, room: str) -> Position | None:
        heard = self.since.get(room)
        return heard[-1] if heard else self.loaded.get(room)

    async def fresh(self) -> dict[str, Any]:
        """What the server lists now, by id, to compare with `held`."""
        listed = {item["id"]: item async for page in self.rest.pages("escrows") for item in page.items}
        return _as_commits_tell(listed)

    def held(self) -> dict[str, Any]:
        return _as_commits_tell(self.cache.all("escrow"))

    async def until(self, happened: Callable[[], bool], seconds: float = PATIENCE) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not happened():  # noqa: ASYNC110 - some of it nobody announces
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise TimeoutError(f"not within {seconds} s: {self.where()}") from None


def _as_commits_tell(records: Mapping[str, Any]) -> dict[str, Any]:
    """What the reader may do, only an answer to that reader says."""
    return {id_: {name: value for name, value in record.items() if name != "can"} for id_, record in records.items()}


def rest_of(caller: Caller, http: httpx.AsyncClient) -> Rest:
    async def token(*, fresh: bool = False) -> Token:
        return Token(caller.token, datetime.now(UTC) + timedelta(minutes=30))

    return Rest(caller.base_url, token, http)


@asynccontextmanager
async def listening(
    caller: Caller,
    *,
    timings: Timings = TIMINGS,
    connect: Connect = PATIENT,
    http: httpx.AsyncClient | None = None,
) -> AsyncIterator[Listening]:
    """Connected, with everything loaded that was there before. Without `http`, on connections of its own."""

    async with nullcontext(http) if http else httpx.AsyncClient(timeout=PATIENCE) as client:
        rest = rest_of(caller, client)
        cable = Cable(connect)
        replica = Listening(rest, cable)
        async with connected(replica, rest, cable, timings, patience=CONNECTING):
            yield replica
