"""One room that many write to: how many commits it takes, what a writer waits, and what an import does to the others.

The functions' own code, in virtual time, over a table with DynamoDB's delays and conflicts (`contended_table.py`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import quantiles
from typing import Any

from bench.backend import USER, quiet
from bench.bulk import listings
from bench.command import Benchmark, Result, exit_with
from bench.contended_table import ContendedTable
from bench.report import paragraph, table
from bench.virtual_time import VirtualTime
from deployed.terminal import Steps
from openhouse.core import ids
from openhouse.core.errors import Busy
from openhouse.core.principal import Principal
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.services import Runtime, Services
from openhouse.storage.idempotency import IdempotencyKey

WRITERS = (1, 2, 5, 10, 20, 40)
SECONDS = 10.0
ROWS, ENTRIES = 10_000, 500  # of an import, and of one of its requests
IMPORTS = ((1, ENTRIES), (4, ENTRIES), (4, 1), (16, 1))  # workers, and rows in a request; of single rows a twentieth
PAUSE = 1.0  # between two saves of a person
WAY = 0.030  # seconds from a client to the function, and back


@dataclass
class Waits:
    """Of one kind of request: how long each took, and how many were told to try again."""

    seconds: list[float] = field(default_factory=list)
    busy: int = 0

    def at(self, percent: int) -> float:
        return quantiles(self.seconds, n=100, method="inclusive")[percent - 1] if len(self.seconds) > 1 else 0.0


class Room:
    """The team that `USER` is in, and everybody who writes to it."""

    def __init__(self, seed: int = 1) -> None:
        self.time = VirtualTime()
        self.chance = random.Random(seed)
        self.table = ContendedTable(self.time, self.chance)
        self.saves = Waits()
        self.imported = 0
        self.rows_busy = 0  # told to be sent again
        self.took = 0.0  # seconds, the import
        ends = int(self.time.now().timestamp()) + 86_400
        self.who = Principal(
            user_id=USER.user_id,
            brokerage_id="harbor",
            role=USER.role,
            team_ids=USER.team_ids,
            expires_at=ends,
            name=USER.name,
            email=USER.email,
        )

    def function(self) -> Services:
        """A sandbox of its own."""
        runtime = Runtime(
            now=self.time.now,
            monotonic=self.time.monotonic,
            sleep=self.time.sleep,
            jitter=self.chance.random,
            new_record_id=self._new_id,
            new_commit_id=self._new_id,
        )
        return Services(self.table, runtime=runtime)

    def save_for(self, seconds: float, *, pause: float, begin: float = 0.0) -> None:
        """Somebody changes a record of their own, again and again."""
        self.time.begin(lambda: self._save(seconds, pause), at=begin)

    def save_while_importing(self, pause: float) -> None:
        self.time.begin(lambda: self._save(None, pause), at=0.001)

    def load(self, rows: int, *, workers: int, entries: int = ENTRIES) -> None:
        """An import, from so many workers at a time, so many rows in a request; single rows are created one by one."""
        self._wanted = rows
        requests = [listing for listing, _ in zip(listings(), range(rows), strict=False)]
        parts = iter([*enumerate(requests[start : start + entries] for start in range(0, rows, entries))])
        for _ in range(workers):
            self.time.begin(lambda: self._import(parts, one_by_one=entries == 1))

    def run(self) -> None:
        with quiet():
            self.time.run()

    def _save(self, seconds: float | None, pause: float) -> None:
        services = self.function()
        id_, number = self._create(services), 0
        until = None if seconds is None else self.time.seconds + seconds
        while self.imported < self._wanted if until is None else self.time.seconds < until:
            self.time.sleep(pause * self.chance.uniform(0.5, 1.5))
            number += 1
            began = self.time.seconds
            try:
                services.records.patch(ESCROWS, self.who, id_, {"notes": f"{number}"})
            except Busy:
                self.saves.busy += 1
            self.saves.seconds.append(self.time.seconds - began)

    def _create(self, services: Services) -> str:
        while True:
            try:
                return str(services.records.create(ESCROWS, self.who, {"propertyAddress": "1 Main St"})["id"])
            except Busy:
                self.time.sleep(PAUSE * self.chance.random())

    def _import(self, parts: Iterator[tuple[int, list[Any]]], *, one_by_one: bool) -> None:
        services = self.function()
        for number, records in parts:
            key = IdempotencyKey.of(self.who.user_id, f"import-{number}", "bulk")
            done = 0
            while done < len(records):
                self.time.sleep(WAY)
                done = self._create_one(services, records, key) if one_by_one else self._write(services, records, key)
                self.rows_busy += len(records) - done
                self.time.sleep(WAY)
            self.imported += done
        self.took = max(self.took, self.time.seconds)

    def _create_one(self, services: Services, records: list[Any], key: IdempotencyKey) -> int:
        try:
            services.records.create(LISTINGS, self.who, records[0], idempotency_key=key)
        except Busy:
            return 0
        return 1

    def _write(self, services: Services, records: list[Any], key: IdempotencyKey) -> int:
        results = services.bulk.write(LISTINGS, self.who, [{"record": record} for record in records], key)
        return sum("error" not in result for result in results)

    def _new_id(self, at: datetime) -> str:
        return ids.uuid7(at)


def measure(quick: bool, steps: Steps) -> Result:
    writers, seconds, rows = ((1, 5), 3.0, 1_000) if quick else (WRITERS, SECONDS, ROWS)
    with steps.step("one room, many writers") as tell:
        several = []
        for number in writers:
            several.append(_writing(number, seconds))
            tell(f"{number} writers")
    with steps.step(f"one room, an import of {rows:,} rows") as tell:
        imports = []
        for workers, entries in IMPORTS:
            imports.append(_importing(rows if entries > 1 else rows // 20, workers, entries))
            tell(f"{workers} workers, {entries} rows in a request")
    return {"seconds": seconds, "rows": rows, "writers": several, "imports": imports}


def _writing(number: int, seconds: float) -> Result:
    room = Room()
    for each in range(number):
        room.save_for(seconds, pause=0.0, begin=each / 1_000)
    room.run()
    done = len(room.saves.seconds) - room.saves.busy
    return {
        "writers": number,
        "commitsPerSecond": done / room.time.seconds,
        "p50": 1000 * room.saves.at(50),
        "p95": 1000 * room.saves.at(95),
        "busy": room.saves.busy,
        "conflicts": room.table.conflicts,
    }


def _importing(rows: int, workers: int, entries: int) -> Result:
    room = Room()
    room.load(rows, workers=workers, entries=entries)
    for _ in range(3):
        room.save_while_importing(PAUSE)
    room.run()
    return {
        "rows": rows,
        "entries": entries,
        "workers": workers,
        "took": room.took,
        "saves": len(room.saves.seconds),
        "p50": 1000 * room.saves.at(50),
        "p95": 1000 * room.saves.at(95),
        "most": 1000 * max(room.saves.seconds),
        "busy": room.saves.busy,
        "rowsBusy": room.rows_busy,
        "conflicts": room.table.conflicts,
    }


def report(result: Mapping[str, Any]) -> str:
    writers = [
        [
            f"{each['writers']}",
            f"{each['commitsPerSecond']:.1f}",
            f"{each['p50']:,.0f}",
            f"{each['p95']:,.0f}",
            f"{each['busy']}",
            f"{each['conflicts']}",
        ]
        for each in result["writers"]
    ]
    imports = [
        [
            f"{each['rows']:,}",
            f"{each['entries']}",
            f"{each['workers']}",
            f"{each['took']:.1f}",
            f"{each['saves']}",
            f"{each['p50']:,.0f}",
            f"{each['p95']:,.0f}",
            f"{each['most']:,.0f}",
            f"{each['busy']}",
            f"{each['rowsBusy']}",
            f"{each['conflicts']}",
        ]
        for each in result["imports"]
    ]
    about = paragraph(
        f"Writers who change records of one team without a pause, for {result['seconds']:.0f} s: every commit waits "
        "for its turn at the room's HEAD. Times in ms. Modelled: a transaction takes 18 ms and 0.3 ms for each item, "
        "reads 5 ms, each half to one and a half times as long; whoever meets a transaction is refused at once."
    )
    beside = paragraph(
        "Three people of the team save something every second while rows are imported into it, many in a request or "
        "one by one, from one worker or several. 'busy': saves, and rows, that were told to try again."
    )
    first = table(["writers", "commits a second", "p50", "p95", "busy", "conflicts"], writers)
    second = table(["workers", "import, s", "saves", "p50", "p95", "most", "busy", "rows busy", "conflicts"], imports)
    return f"{about}\n\n{first}\n\n{beside}\n\n{second}"


BENCHMARK = Benchmark("contention", "Model what one room takes, and what an import does to it.", measure, report)

if __name__ == "__main__":
    exit_with(BENCHMARK.run)
