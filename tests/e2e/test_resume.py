"""A file of sales is loaded while people of both teams listen, and one of them loses the network half-way."""

from __future__ import annotations

import asyncio
import csv
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from tests.e2e.conftest import Caller
from tests.e2e.listening import Listening, listening

SALES = Path(__file__).with_name("sales.csv")


async def load(writer: Listening, after_half: asyncio.Event) -> list[str]:
    made: list[str] = []
    with SALES.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["street"] and len(row["state"]) == 2]
    for number, row in enumerate(rows):
        fields = {"propertyAddress": row["street"], "city": row["city"], "zip": row["zip"], "state": row["state"]}
        record = await writer.rest.create("escrows", {**fields, "purchasePriceCents": int(row["price"]) * 100})
        made.append(record["id"])
        if number == len(rows) // 2:
            after_half.set()
    return made


def holds(listener: Listening, ids: set[str]) -> bool:
    return ids <= set(listener.cache.all("escrow"))


async def cut_and_mend(listener: Listening, when: asyncio.Event) -> None:
    await when.wait()
    listener.cable.cut()
    await asyncio.sleep(2)
    listener.cable.mend()


def test_whoever_lost_the_network_holds_the_same_as_everyone_and_as_the_server(
    ava: Caller, ben: Caller, mia: Caller, dana: Caller
) -> None:
    async def run() -> None:
        async with AsyncExitStack() as people:
            north, cut, south, broker = [
                await people.enter_async_context(listening(who)) for who in (ava, ben, mia, dana)
            ]
            before = await north.fresh()
            half = asyncio.Event()
            made, _ = await asyncio.gather(load(north, half), cut_and_mend(cut, half))
            for listener in (north, cut, broker):
                await listener.until(partial(holds, listener, set(made)))
                assert listener.cache.all("escrow") == await listener.fresh()
                seqs = [commit.position.seq for commit in listener.heard if commit.room == "team:north"]
                assert seqs == list(range(seqs[0], seqs[0] + len(made)))
            assert sum(recovery.missed.get("team:north", 0) for recovery in cut.recoveries) > 0
            assert not any(recovery.reset for recovery in cut.recoveries)
            assert south.heard == []
            assert set(await cut.fresh()) == set(before) | set(made)

    asyncio.run(run())
