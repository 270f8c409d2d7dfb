"""How long pages of lists and searches take over the emulator of the local run, at 50,000 records of a brokerage.

The services run in this process, over the emulator's DynamoDB: what a gateway and a function add is left out.
"""

from __future__ import annotations

import itertools
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles
from typing import Any
from unittest.mock import patch

from bench.command import Benchmark, Result, exit_with
from bench.report import paragraph, table
from deployed.terminal import Steps
from local.emulator import aws_environment, free_port, running_emulator
from local.schema import create_tables
from openhouse import aws
from openhouse.api.list_parameters import parse_list_query
from openhouse.core import clock, ids
from openhouse.core.principal import Principal
from openhouse.core.wire import parse
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.record_items import item_of
from openhouse.crm.search import SearchQuery, asked_words
from openhouse.services import Services
from openhouse.storage.keys import Item
from openhouse.storage.table import WRITTEN_AT_ONCE, Table

RECORDS, QUICK_RECORDS = 50_000, 300
TIMES, QUICK_TIMES = 21, 3
AT_ONCE = 500  # records
AVA = Principal(user_id="ava", brokerage_id="harbor", role="agent", team_ids=("north",), expires_at=2**40)
ROOM = "team:north"
FIRST = ("Ángela", "Ben", "Zoë", "Maria", "José", "Ada", "Rosa", "Liam", "Noor", "Wei")
LAST = ("Núñez", "Hart", "Garcia", "O'Brien", "Smith", "Okafor", "Lee", "Quill", "Silva", "Novak")
STREETS = ("Harbor", "High", "Mill", "Oak", "Cedar", "Main", "Lake", "Hill", "River", "Park")
CITIES = ("Sacramento", "Davis", "Reno", "Roseville", "Folsom")
LISTS: tuple[Mapping[str, str], ...] = (
    {},
    {"sort": "changed"},
    {"sort": "-date"},
    {"sort": "name"},
    {"sort": "-price"},
    {"sort": "-date", "status": "opened"},
    {"q": "harbor 17"},
    {"q": "sacramento"},
)
SEARCHES = ("angela nunez", "(916) 555-0142", "quill", "12 harbor street", "sacramento", "an")


def records(count: int) -> Iterator[tuple[Module, dict[str, Any]]]:
    """Half of them escrows of a kilobyte, half of them clients."""
    chance = random.Random(1)
    for number in range(count):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        place = {"city": chance.choice(CITIES), "state": "CA", "zip": f"{95_000 + chance.randrange(900)}"}
        if number % 2:
            first, last = name.split(" ")
            phone = f"+1916{2_000_000 + chance.randrange(7_999_999)}" if number > 1 else "+19165550142"
            yield CLIENTS, {"firstName": first, "lastName": last, "phone": phone, "tags": {"first home": True}, **place}
            continue
        house = f"{chance.randrange(9_999)} {chance.choice(STREETS)} {chance.choice(('St', 'Ave', 'Way'))}"
        price, day = chance.randrange(10**8), f"2026-{1 + number % 12:02d}-{1 + number % 28:02d}"
        escrow = {"propertyAddress": house, "purchasePriceCents": price, "closeOfEscrowDate": day, "buyerName": name}
        yield ESCROWS, {**escrow, **place, "escrowNumber": f"ESC-2026-{number:05d}"}


def items(count: int) -> Iterator[Item]:
    """As they would lie in one team's room."""
    now = clock.utc_now()
    at = {name: clock.to_wire(now) for name in ("createdAt", "updatedAt")}
    who = dict.fromkeys(("createdBy", "updatedBy", "ownerId"), "ava")
    for module, document in records(count):
        placed = {"id": ids.uuid7(now), "version": 1, "room": ROOM, "teamId": "north", "status": module.first_status}
        yield item_of(module, parse(module.model, {**document, **placed, **at, **who}))


def fill(services: Services, count: int, tell: Callable[[str], None]) -> int:
    """The records, and what they are found by. How many rows that was."""
    made, rows = items(count), 0
    with ThreadPoolExecutor(8) as threads:
        for done in itertools.count(0, AT_ONCE):
            some = list(itertools.islice(made, AT_ONCE))
            if not some:
                return rows
            tell(f"{done:,} records")
            parts = [some[start : start + WRITTEN_AT_ONCE] for start in range(0, len(some), WRITTEN_AT_ONCE)]
            list(threads.map(lambda part: services.table.write_all(part, []), parts))
            found = {row: int(item["version"]) for item in some for row in services.word_index.rows(item)}
            services.word_index.write(found)
            rows += len(found)
    raise AssertionError


def measure(quick: bool, steps: Steps) -> Result:
    count, times = (QUICK_RECORDS, QUICK_TIMES) if quick else (RECORDS, TIMES)
    with running_emulator(port := free_port()), ThreadPoolExecutor(8) as threads:
        with patch.dict(os.environ, aws_environment(port)):
            client = aws.client("dynamodb")  # as the functions have it
            create_tables(client, "main", "records")
        services = Services(Table(client, "main", "records"), parallel_map=threads.map)
        with steps.step(f"{count:,} records") as tell:
            rows = fill(services, count, tell)
        with steps.step("pages"):
            lists = {_named(query): _list(services, query, times) for query in LISTS}
        with steps.step("searches"):
            searches = {text: _search(services, text, times) for text in SEARCHES}
    return {"records": count, "rows": rows, "lists": lists, "searches": searches}


def _named(query: Mapping[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in query.items()) or "newest"


def _list(services: Services, query: Mapping[str, str], times: int) -> Result:
    parsed = parse_list_query(ESCROWS, query)
    return _timed(lambda: len(services.lists.page(ESCROWS, AVA, parsed)["items"]), times)


def _search(services: Services, text: str, times: int) -> Result:
    query = SearchQuery(words=asked_words(text), modules=MODULES)
    return _timed(lambda: len(services.search.page(AVA, query)[0]), times)


def _timed(work: Callable[[], int], times: int) -> Result:
    """In milliseconds, the first time left out."""
    found = work()
    taken: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return {"found": found, "p50": median(taken), "p95": quantiles(taken, n=20)[18]}


def report(result: Mapping[str, Any]) -> str:
    return "\n\n".join(
        [
            paragraph(
                f"{result['records']:,} records in one room, {result['rows']:,} rows of the search index. "
                "In ms, over the emulator, without gateway and function."
            ),
            _table("GET /escrows, 50 of them", result["lists"]),
            _table("GET /search, 20 of them", result["searches"]),
        ]
    )


def _table(title: str, rows: Mapping[str, Mapping[str, float]]) -> str:
    cells: list[Sequence[str]] = [
        [name, f"{row['found']}", f"{row['p50']:.0f}", f"{row['p95']:.0f}"] for name, row in rows.items()
    ]
    return table([title, "found", "p50", "p95"], cells)


BENCHMARK = Benchmark("lists", __doc__ or "", measure, report)


if __name__ == "__main__":
    exit_with(BENCHMARK.run)
