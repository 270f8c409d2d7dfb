"""`python -m bench.tasks`: what tasks come to, kind by kind: transitions, steps, units, posts, and what AWS asks.

Counted on the services over a table in memory, where a step's table takes AWS's time by `CALL_MS`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any
from zoneinfo import ZoneInfo

from bench.command import Benchmark, exit_with
from bench.idle import CALL, GB_SECOND, MESSAGE, MILLION, READ, WRITE
from bench.metered_table import MeteredTable
from bench.report import paragraph, table
from bench.units import read_units
from deployed.terminal import Steps
from openhouse.core.principal import Principal
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.time_zones import all_time_zones
from openhouse.functions import TASK_STEP
from openhouse.identity.directory import User
from openhouse.services import Runtime, Services
from openhouse.storage.item_size import size
from openhouse.storage.keys import Item, Key
from openhouse.storage.marshalling import marshal
from openhouse.storage.writes import Write
from openhouse.tasks.mornings import FIRST_HOUR, HOURS
from tests.memory_table import MemoryTable

TRANSITION = 25.0 / MILLION  # https://aws.amazon.com/step-functions/pricing/, November 2026, us-east-1
CALL_MS = {"read": 4.0, "write": 6.0, "transaction": 12.0}  # of DynamoDB, as `local/aws_like/measures.py` has them
A_PAGE = 1_000  # items that a query reads at a time, if it says no number
RECORDS, PAIRS = 2_000, 60
DEVICES, TEAM = 2, 20  # sockets of whoever begins it, and of the team whose records change
ZONE = "America/Los_Angeles"
MORNING_ZONES = sorted(all_time_zones())
TEXT = "Escrow for 123 Main St, Bakersfield CA 93301, buyer Ana Ruiz, $540,000, closing August 3"
AGREEMENT = (
    "Date of Acceptance: March 4, 2026. Buyer shall deliver the deposit within 3 business days after acceptance. "
    "Buyer shall remove all contingencies within 17 days after acceptance. Close of escrow shall be April 17, 2026."
)
OF_AN_EXECUTION = 1  # `Done`
OF_A_STEP = 2  # `Step` and `More`


@dataclass(frozen=True)
class Phase:
    """`of`: how many things it was about. `seconds`: that its steps took."""

    name: str
    of: int
    steps: int
    commits: int
    told: int  # commits that are about the task alone
    read: float
    written: float
    seconds: float

    @property
    def transitions(self) -> int:
        return OF_AN_EXECUTION + OF_A_STEP * self.steps

    @property
    def dollars(self) -> float:
        posts = self.told * DEVICES + (self.commits - self.told) * TEAM
        lambda_ = self.steps * CALL + self.seconds * TASK_STEP.memory_mb / 1024 * GB_SECOND
        return self.transitions * TRANSITION + lambda_ + self.read * READ + self.written * WRITE + posts * MESSAGE


class TimedTable(MeteredTable):
    """Each call takes as long as it does on AWS."""

    def __init__(self) -> None:
        super().__init__()
        self.milliseconds = 0.0

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        self.milliseconds += CALL_MS["read"]
        return super().get(key, consistent=consistent)

    def get_many(self, keys: Sequence[Key], *, only_keys: bool = False, consistent: bool = True) -> list[Item]:
        self.milliseconds += CALL_MS["read"]
        return super().get_many(keys, only_keys=only_keys, consistent=consistent)

    def query(self, pk: str, low: str, high: str, **options: Any) -> Iterator[Item]:
        """Page by page, as far as it is read."""
        items = MemoryTable.query(self, pk, low, high, **options)
        while page := [*islice(items, options.get("page_size") or A_PAGE)]:
            self.milliseconds += CALL_MS["read"]
            bytes_ = sum(size(marshal(item)) for item in page)
            self.read += read_units(bytes_, consistent=options.get("consistent", True))
            yield from page

    def write(self, write: Write) -> None:
        self.milliseconds += CALL_MS["write"]
        super().write(write)

    def transact(self, writes: Sequence[Write]) -> None:
        self.milliseconds += CALL_MS["transaction"]
        super().transact(writes)


class Brokerage:
    """An agent of a team, with so many clients of whom some are there twice."""

    def __init__(self, records: int, pairs: int) -> None:
        self._begin = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self._table = TimedTable()
        self._table.told = self._told
        self._count: Counter[str] = Counter()
        self._begun: list[Mapping[str, Any]] = []
        ids = count(1)
        runtime = Runtime(
            now=self._now,
            monotonic=lambda: self._now().timestamp(),
            sleep=self._sleep,
            new_record_id=lambda _now: f"0199a7c0-0000-7000-8000-{next(ids):012d}",
            new_commit_id=lambda _now: f"0199a7c0-0000-7000-9000-{next(ids):012d}",
        )
        self.services = Services(self._table, workflows=lambda: self, runtime=runtime)
        self.who = Principal(user_id="ava", brokerage_id="harbor", role="agent", team_ids=("north",), expires_at=2**33)
        self._found(records, pairs)

    def start(self, _name: str, about: Mapping[str, Any]) -> bool:
        self._begun.append(about)
        return True

    def phase(self, name: str, of: int) -> Phase:
        """Works on what has been begun to its end."""
        self._count.clear()
        self._table.read = self._table.written = 0.0
        before, steps = self._table.milliseconds, 0
        about, more = self._begun.pop(), True
        while more:
            more, steps = self.services.task_steps.handle(dict(about))["more"], steps + 1
        seconds = (self._table.milliseconds - before) / 1000
        commits, told = self._count["commits"], self._count["told"]
        return Phase(name, of, steps, commits, told, self._table.read, self._table.written, seconds)

    def morning(self) -> dict[str, float]:
        """The units that one person takes, and how many time zones are asked for them."""
        self.services.preferences.change(self.who, {}, next(each for each in MORNING_ZONES if self._is_morning(each)))
        lead = {"lastName": "Okafor", "phone": "+14155550123"}
        self.services.records.create(LEADS, self.who, lead)
        told = self._units(self.services.mornings.tell)
        zones = sum(self._is_morning(each) for each in MORNING_ZONES)
        return {"read": told[0], "written": told[1], "zones": zones}

    def _is_morning(self, zone: str) -> bool:
        return FIRST_HOUR <= self._now().astimezone(ZoneInfo(zone)).hour < FIRST_HOUR + HOURS

    def _units(self, work: Callable[[], object]) -> tuple[float, float]:
        self._table.read = self._table.written = 0.0
        work()
        return self._table.read, self._table.written

    def _now(self) -> datetime:
        return self._begin + timedelta(milliseconds=self._table.milliseconds)

    def _sleep(self, seconds: float) -> None:
        self._table.milliseconds += seconds * 1000

    def _told(self, old: Item | None, new: Item | None) -> None:
        if old is None and new and new["sk"].startswith("C#"):
            self._count["commits"] += 1
            self._count["told"] += new["pk"] == "L#user:ava"

    def _found(self, records: int, pairs: int) -> None:
        directory = self.services.directory
        directory.found("harbor", "Harbor", User(user_id="root", email="r@x", name="Root", role="admin"))
        directory.put_user("harbor", User(user_id="ava", email="a@x", name="Ava", role="agent"))
        entry = self._table.peek({"pk": "D#user:ava", "sk": "D"})
        assert entry is not None
        self._table.put({**entry, "team_ids": ["north"]})
        chance = random.Random(1)
        numbers = [*range(records - pairs), *chance.sample(range(records - pairs), pairs)]
        for number in numbers:
            fields = {"firstName": "Zoe", "lastName": f"Hart {number}", "email": f"zoe.{number}@example.com"}
            self.services.records.create(CLIENTS, self.who, {**fields, "phone": f"+1415{5_550_000 + number:07d}"})
        rows: dict[Any, int | None] = {}
        for item in [*self._table.items("R#")]:
            self.services.word_index.note(rows, None, item)
        self.services.word_index.write(rows)


def measure(quick: bool, steps: Steps) -> dict[str, Any]:
    records, pairs = (200, 5) if quick else (RECORDS, PAIRS)
    with steps.step(f"{records:,} clients"):
        brokerage = Brokerage(records, pairs)
    phases: list[Phase] = []
    tasks, who = brokerage.services.tasks, brokerage.who
    with steps.step("find_duplicates"):
        id_ = tasks.begin(who, "find_duplicates", {"among": ["client"]})["id"]
        phases.append(brokerage.phase("find_duplicates: plan", records))
        tasks.confirm(who, id_, {})
        phases.append(brokerage.phase("find_duplicates: write", pairs))
        tasks.undo(who, id_)
        phases.append(brokerage.phase("find_duplicates: undo", pairs))
    with steps.step("texts"):
        phases += _of_texts(brokerage)
    with steps.step("a morning"):
        morning = brokerage.morning()
    return {"phases": [asdict(phase) for phase in phases], "morning": morning}


def _of_texts(brokerage: Brokerage) -> Iterator[Phase]:
    tasks, who = brokerage.services.tasks, brokerage.who
    id_ = tasks.begin(who, "create_from_text", {"text": TEXT, "timeZone": ZONE})["id"]
    yield brokerage.phase("create_from_text: plan", 1)
    tasks.confirm(who, id_, {})
    yield brokerage.phase("create_from_text: write", 4)
    made = {each["noun"]: each["id"] for each in (tasks.read(who, id_)["result"] or {})["records"]}
    described = tasks.begin(who, "describe_listing", {"listing": made["listing"]})["id"]
    yield brokerage.phase("describe_listing: plan", 1)
    tasks.confirm(who, described, {})
    yield brokerage.phase("describe_listing: write", 1)
    dated = tasks.begin(who, "escrow_timeline", {"escrow": made["escrow"], "text": AGREEMENT, "timeZone": ZONE})["id"]
    yield brokerage.phase("escrow_timeline: plan", 1)
    tasks.confirm(who, dated, {})
    yield brokerage.phase("escrow_timeline: write", 4)
    tasks.begin(who, "daily_brief", {"timeZone": ZONE})
    yield brokerage.phase("daily_brief", 1)


def report(result: Mapping[str, Any]) -> str:
    phases = [Phase(**each) for each in result["phases"]]
    titles = ["", "of", "steps", "transitions", "commits", "read units", "write units", "s", "dollars"]
    rows = [
        [
            *(phase.name, f"{phase.of:,}", f"{phase.steps}", f"{phase.transitions}", f"{phase.commits:,}"),
            *(f"{phase.read:,.0f}", f"{phase.written:,.0f}", f"{phase.seconds:,.1f}", f"{phase.dollars:.4f}"),
        ]
        for phase in phases
    ]
    morning = result["morning"]
    told = paragraph(
        f"In the hour of their morning, somebody with something to do takes {morning['read']:,.0f} read and "
        f"{morning['written']:,.0f} write units; {morning['zones']} time zones are asked for people, at a unit each."
    )
    about = paragraph(
        f"Each commit about the task is posted to {DEVICES} devices, each about records to {TEAM} sockets of the team. "
        "Seconds are those of the calls of DynamoDB alone, as AWS takes for them; Lambda is paid by them."
    )
    return "\n\n".join([about, table(titles, rows), told])


BENCHMARK = Benchmark("tasks", "Count what tasks come to, kind by kind.", measure, report)

if __name__ == "__main__":
    exit_with(BENCHMARK.run)
