"""Many sessions of a few people, each with its own copy of the escrows; and writers who change them all the while."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from itertools import cycle, islice
from random import Random
from typing import Any

import httpx

from openhouse_client.environment import Timings
from openhouse_client.errors import Problem
from openhouse_client.rest import Rest
from openhouse_client.websocket import Socket
from tests.e2e.conftest import Caller
from tests.e2e.listening import PATIENT, Listening, listening, rest_of

PATIENCE = 600.0  # seconds in which everyone is back, and has everything: how long it takes, no test says
# The emulator starts one more worker for each call that comes while the others are busy, which takes it seconds; and it
# calls one WebSocket function after the other, so that in a crowd a handshake or a reply may take minutes. Whoever gave
# up and came again would only make the queue longer, and so would whoever queued for longer than a ticket lasts. So a
# few come at a time, and the next one when they have caught up.
CALLS_AT_A_TIME = 3
# The same goes for whoever asks for a commit that is only late, and for people who go on writing as if all were well.
TIMINGS = Timings(reply=PATIENCE / 2, gap=20.0)
PAUSE_PER_WRITE = 4  # times as long as the change before took, beside the pause that anyone makes


@asynccontextmanager
async def crowd(people: Sequence[Caller], size: int) -> AsyncIterator[list[Listening]]:
    """The sessions belong to the people in turn."""
    async with AsyncExitStack() as at_the_end:
        limits = httpx.Limits(max_connections=CALLS_AT_A_TIME)
        http = await at_the_end.enter_async_context(httpx.AsyncClient(timeout=PATIENCE, limits=limits))
        turns = asyncio.Semaphore(CALLS_AT_A_TIME)

        async def connect(caller: Caller, url: str) -> Socket:
            """Not at `url`: its ticket may have expired before it was this session's turn."""
            async with AsyncExitStack() as turn:
                await turn.enter_async_context(turns)
                ticket = await rest_of(caller, http).ticket()
                socket = await PATIENT(ticket.url)
                return CatchingUp(socket, turn.pop_all())

        coming = [
            listening(caller, timings=TIMINGS, connect=partial(connect, caller), http=http)
            for caller in islice(cycle(people), size)
        ]
        yield list(await asyncio.gather(*map(at_the_end.enter_async_context, coming)))


class CatchingUp:
    """A socket of someone whose turn it is until something arrives: that is mostly what they missed."""

    def __init__(self, socket: Any, turn: AsyncExitStack) -> None:
        self._socket: Socket = socket
        self._connection = socket._connection  # what a cable cuts
        self._turn = turn
        self.send = socket.send

    async def receive(self) -> str:
        try:
            return await self._socket.receive()
        finally:
            await self._turn.aclose()

    async def close(self) -> None:
        await self._turn.aclose()
        await self._socket.close()


async def check(everyone: Sequence[Listening], people: int) -> None:
    """Nobody missed a commit, heard one twice, or heard of a room that is not theirs; and every copy is right.

    Nobody changes anything any more: what the server has is asked once for all the sessions of a person.
    """
    for person in range(people):
        sessions = everyone[person::people]
        heads = (await sessions[0].rest.page("escrows", limit=1)).positions
        fresh = _as_bytes(await sessions[0].fresh())
        for each in sessions:
            await each.until(partial(each.reached, heads), PATIENCE)
            assert each.heard_each_once(heads)
            held = each.held()
            assert {record["room"] for record in held.values()} <= heads.keys()
            assert _as_bytes(held) == fresh


class Writer:
    """Someone who changes records of their own, at random. `homes`: the visibilities that they may choose from."""

    def __init__(self, rest: Rest, random: Random, homes: Sequence[str]) -> None:
        self.written = 0
        self._rest = rest
        self._random = random
        self._homes = homes
        self._ids: list[str] = []

    async def write_until(self, stop: asyncio.Event, pause: float) -> None:
        """`pause`: seconds between two changes, on average, and more where each takes long. What was begun is ended."""
        took = 0.0
        while not await _happens(stop, 2 * pause * self._random.random() + PAUSE_PER_WRITE * took):
            began = time.monotonic()
            try:
                await self._write()
            except Problem as problem:
                if not problem.retryable:
                    raise
            else:
                self.written += 1
            took = time.monotonic() - began

    async def _write(self) -> None:
        if len(self._ids) < 3:
            fields = {"propertyAddress": "1 Harbor Way", "visibility": self._random.choice(self._homes)}
            self._ids.append((await self._rest.create("escrows", fields))["id"])
            return
        id_ = self._random.choice(self._ids)
        match self._random.choice(["patch", "patch", "patch", "archive", "restore", "move", "move", "delete"]):
            case "patch":
                await self._rest.patch("escrows", id_, {"notes": f"change {self.written}"})
            case "archive":
                await self._rest.archive("escrows", id_)
            case "restore":
                await self._rest.restore("escrows", id_)
            case "move":
                await self._rest.patch("escrows", id_, {"visibility": self._random.choice(self._homes)})
            case "delete":
                self._ids.remove(id_)
                await self._rest.delete("escrows", id_)


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


def _as_bytes(records: Mapping[str, Any]) -> bytes:
    return json.dumps(records, sort_keys=True).encode()
