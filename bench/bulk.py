"""Records per second, created one by one and in bulk, in one run and turn by turn."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.command import exit_with
from bench.deployed import add_option, deployed
from bench.report import header, heading, table
from deployed.endpoints import Endpoints
from deployed.sign_in import DEMO_PASSWORD
from deployed.signed_in import signed_in
from deployed.terminal import CommandFailed, Steps
from openhouse_client.errors import ClientError
from openhouse_client.rest import Rest

WRITER, ROOM, PATH = "ava@demo.test", "team:north", "listings"
ONE_BY_ONE, IN_BULK = 100, 500  # records of a turn
WORKERS = 4


@dataclass(frozen=True)
class Turn:
    records: int
    seconds: float
    commits: int


def listings() -> Iterator[dict[str, Any]]:
    """Of some 600 bytes each as records, as an import has them."""
    for number in range(1, 1_000_000):
        yield {
            "address": f"{number} Harbor Way",
            "city": "Sacramento",
            "state": "CA",
            "zip": "95838",
            "listPriceCents": 39_900_000 + number,
            "bedrooms": 3,
            "bathrooms": 2.5,
            "squareFeet": 1_836,
            "propertyType": "residential",
        }


class Writer:
    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._listings = listings()

    async def one_by_one(self) -> Turn:
        return await self._turn(ONE_BY_ONE, self._create)

    async def side_by_side(self) -> Turn:
        async def work(records: Sequence[dict[str, Any]]) -> None:
            shares = [records[worker::WORKERS] for worker in range(WORKERS)]
            await asyncio.gather(*map(self._create, shares))

        return await self._turn(ONE_BY_ONE, work)

    async def in_bulk(self) -> Turn:
        async def work(records: Sequence[dict[str, Any]]) -> None:
            results = await self._rest.bulk(PATH, [{"record": record} for record in records])
            if failed := [result for result in results if result["status"] != 201]:
                raise CommandFailed(f"{len(failed)} of {len(results)} records were not created: {failed[0]}")

        return await self._turn(IN_BULK, work)

    async def _create(self, records: Sequence[dict[str, Any]]) -> None:
        for record in records:
            await self._rest.create(PATH, record)

    async def _turn(self, count: int, work: Callable[[Sequence[dict[str, Any]]], Awaitable[None]]) -> Turn:
        records = [next(self._listings) for _ in range(count)]
        before = await self._seq()
        started = time.perf_counter()
        await work(records)
        seconds = time.perf_counter() - started
        return Turn(count, seconds, await self._seq() - before)

    async def _seq(self) -> int:
        return (await self._rest.page(PATH, limit=1)).positions[ROOM].seq


async def measure(endpoints: Endpoints, turns: int, steps: Steps) -> dict[str, list[Turn]]:
    """Ways take turns, so that whatever else this machine does falls on all alike."""
    async with signed_in(endpoints, WRITER, DEMO_PASSWORD) as rest:
        writer = Writer(rest)
        ways = {
            "one by one": writer.one_by_one,
            f"one by one, {WORKERS} writers": writer.side_by_side,
            "bulk": writer.in_bulk,
        }
        with steps.step("warming up"):
            for way in ways.values():
                await way()
        found: dict[str, list[Turn]] = {name: [] for name in ways}
        with steps.step(f"{turns} turns of each way") as tell:
            for number in range(turns):
                for name, way in ways.items():
                    found[name].append(await way())
                tell(f"{number + 1} of {turns}")
        return found


def report(found: dict[str, list[Turn]], head: dict[str, str]) -> str:
    """Medians of the turns; the rate of the first way is what the others are compared with."""
    rates = {name: median(turn.records / turn.seconds for turn in turns) for name, turns in found.items()}
    base = next(iter(rates.values()))
    rows = [
        [
            name,
            f"{turns[0].records}",
            f"{median(turn.seconds for turn in turns):.2f}",
            f"{rates[name]:,.0f}",
            f"{rates[name] / base:.1f}x",
            f"{median(turn.records / turn.commits for turn in turns):.1f}",
        ]
        for name, turns in found.items()
    ]
    titles = ["", "records", "seconds", "records a second", "ratio", "records a commit"]
    count = len(next(iter(found.values())))
    return f"{heading(head)}\n\nNew listings into one room, medians of {count} turns:\n\n{table(titles, rows)}"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    steps = Steps()
    try:
        with deployed(options.config, steps) as endpoints:
            found = asyncio.run(measure(endpoints, options.turns, steps))
    except ClientError as error:
        raise CommandFailed(str(error)) from error
    except KeyboardInterrupt:
        print("Stopped.")
        return 130
    print(f"\n{report(found, header())}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.bulk",
        description="Measure how many records a second can be created, one by one and in bulk.",
    )
    add_option(parser)
    parser.add_argument("--turns", type=int, default=5, metavar="N", help="of each way (5)")
    return parser


if __name__ == "__main__":
    exit_with(main)
