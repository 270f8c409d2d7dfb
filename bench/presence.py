"""`python -m bench.presence`: what it costs that people see who is there.

Counted on the services over a table in memory. What a beat comes to over its socket (API Gateway, the function that
answers, the row of its connection) is added by AWS's prices.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from bench.command import Benchmark, exit_with
from bench.idle import BEATS, CALL, CALL_SECONDS, GB_SECOND, MEMORY_GB, MESSAGE, MILLION, MINUTES, READ, WRITE
from bench.metered_table import MeteredTable
from bench.report import paragraph, table
from deployed.terminal import Steps
from openhouse.collaboration.sightings import BEAT_SECONDS
from openhouse.core.principal import Principal
from openhouse.rooms.timers import Timer
from openhouse.services import Runtime, Services
from openhouse.storage.keys import Item

PEOPLE, HOURS = 1_000, 8
QUEUED = 0.40 / MILLION  # a request of SQS, https://aws.amazon.com/sqs/pricing/, November 2026
REQUESTS_OF_A_TIMER = 3  # it is sent, received, deleted
BREAKS = 6  # of a person in a day: away, and back
MINUTES_MEASURED = 10
BETWEEN_BLIPS = 73  # seconds: each time all beats are so old that nobody is taken for being there


@dataclass(frozen=True)
class Spent:
    """What happened meanwhile. `posts`: a commit to each socket. `bytes`: of commits, as a log keeps them."""

    seconds: float = 0
    beats: int = 0
    runs: int = 0
    timers: int = 0
    commits: int = 0
    changes: int = 0
    posts: int = 0
    bytes: int = 0
    read: float = 0
    written: float = 0


class Crowd:
    """People of one brokerage, each with a socket. Times in seconds."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self._table = MeteredTable()
        self._table.told = self._told
        ids = count(1)
        runtime = Runtime(
            now=lambda: self.at,
            monotonic=lambda: self.at.timestamp(),  # noqa: PLW0108 - it moves on
            sleep=lambda _seconds: None,
            new_commit_id=lambda _now: f"0199a7c0-0000-7000-8000-{next(ids):012d}",
        )
        self._services = Services(self._table, timers=lambda: self, runtime=runtime)
        self._order = count()
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._sockets: dict[str, bool] = {}  # of those who are joined, whether they are active
        self._lives: Counter[str] = Counter()
        self._count: Counter[str] = Counter()

    def set(self, timers: Any) -> None:
        """As SQS does, which counts seconds."""
        for timer in timers:
            self._count["timers"] += 1
            self.later(max(timer.due, self.at), partial(self._run, timer))

    def later(self, at: datetime, do: Callable[[], None]) -> None:
        heapq.heappush(self._due, (at, next(self._order), do))

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        self.later(self.at + timedelta(seconds=seconds), do)

    def pass_(self, seconds: float) -> None:
        until = self.at + timedelta(seconds=seconds)
        while self._due and self._due[0][0] <= until:
            at, _, do = heapq.heappop(self._due)
            self.at = max(self.at, at)
            do()
        self.at = until

    def during(self, seconds: float) -> Spent:
        """What the next so many seconds come to."""
        self._count.clear()
        self._table.read = self._table.written = 0.0
        self.pass_(seconds)
        return Spent(seconds, read=self._table.read, written=self._table.written, **self._count)

    # What people do --------------------------------------------------------------------------------------------------

    def come(self, user_id: str) -> None:
        self._sockets[user_id] = True
        self._lives[user_id] += 1
        self._services.attendance.joined(self._socket(user_id), _principal(user_id))
        self._beat_on(user_id, self._lives[user_id])

    def use(self, user_id: str, *, active: bool) -> None:
        if user_id in self._sockets:
            self._sockets[user_id] = active
            self._beat(user_id)

    def lose(self, user_id: str) -> None:
        """The network: nothing comes through, and API Gateway does not notice."""
        self._lives[user_id] += 1

    def find(self, user_id: str) -> None:
        """It is there again, for the same socket."""
        self._lives[user_id] -= 1
        self._beat(user_id)
        life = self._lives[user_id]
        self.after(BEAT_SECONDS, lambda: self._beat_on(user_id, life, first=False))

    def close(self, user_id: str) -> None:
        """API Gateway tells of its end."""
        del self._sockets[user_id]
        self._services.sightings.gone("harbor", user_id, self._socket(user_id))
        self._services.attendance.left(self._socket(user_id), _principal(user_id))
        self._lives[user_id] += 1

    def _socket(self, user_id: str) -> str:
        return f"{user_id}={self._lives[user_id]:014d}"

    def _beat_on(self, user_id: str, life: int, *, first: bool = True) -> None:
        if self._lives[user_id] != life:
            return
        if not first:
            self._beat(user_id)
        self.after(BEAT_SECONDS, lambda: self._beat_on(user_id, life, first=False))

    def _beat(self, user_id: str) -> None:
        read, written = self._table.read, self._table.written
        self._services.attendance.beat(self._socket(user_id), _principal(user_id), active=self._sockets[user_id])
        self._count["beats"] += 1
        self._table.read, self._table.written = read, written  # beats are counted by what they cost over a socket

    def _run(self, timer: Timer) -> None:
        self._count["runs"] += 1
        self._services.presence.run(timer)

    def _told(self, _old: Item | None, new: Item | None) -> None:
        if new is not None and new["pk"] == "L#broker:harbor" and new["sk"] != "HEAD":
            self._count["commits"] += 1
            self._count["changes"] += len(json.loads(new["commit"])["events"])
            self._count["posts"] += len(self._sockets)
            self._count["bytes"] += len(new["commit"])


def _principal(user_id: str) -> Principal:
    return Principal(user_id=user_id, brokerage_id="harbor", role="agent", team_ids=(), expires_at=0)


def _name(number: int) -> str:
    """As long as ids are."""
    return f"01a20594-c049-7800-a03d-{number:012d}"


def _settled(people: int) -> Crowd:
    """They are there, and their beats are spread."""
    crowd = Crowd()
    for number in range(people):
        crowd.after(number * BEAT_SECONDS / people, partial(crowd.come, _name(number)))
    crowd.pass_(4 * BEAT_SECONDS)
    return crowd


def a_day(people: int, minutes: float = MINUTES_MEASURED) -> Spent:
    """Some minutes of one in which each of them goes away and comes back several times: some are away at first."""
    crowd, seconds = _settled(people), minutes * 60
    breaks = round(people * BREAKS * seconds / (HOURS * 3600))
    gone = [(number * seconds / breaks, _name(number * people // breaks)) for number in range(breaks)]
    for begin, user_id in gone:
        if begin >= seconds / 2:
            crowd.use(user_id, active=False)
    crowd.pass_(4 * BEAT_SECONDS)
    for begin, user_id in gone:
        crowd.after(begin, partial(crowd.use, user_id, active=False))
        crowd.after((begin + seconds / 2) % seconds, partial(crowd.use, user_id, active=True))
    return crowd.during(seconds)


def an_opening(people: int, more: int) -> Spent:
    """So many more open the app within a minute, evenly."""
    crowd = _settled(people)
    for number in range(more):
        crowd.after(number * 60 / more, partial(crowd.come, _name(people + number)))
    return crowd.during(75)


def a_train(people: int, aboard: int, *, noticed: bool, blips: int = 10) -> Spent:
    """So many of them lose the network together for 30 s, again and again. `noticed`: their sockets end, and they come
    back on others.
    """
    crowd = _settled(people)
    for blip in range(blips):
        for user_id in (_name(number * people // aboard) for number in range(aboard)):
            lost, found = (crowd.close, crowd.come) if noticed else (crowd.lose, crowd.find)
            crowd.after(BETWEEN_BLIPS * blip, partial(lost, user_id))
            crowd.after(BETWEEN_BLIPS * blip + 30, partial(found, user_id))
    return crowd.during(BETWEEN_BLIPS * blips)


def dollars(spent: Spent, people: int, times: float) -> dict[str, float]:
    """Of so many times that, by what they are for."""
    calls = spent.beats + spent.runs
    found = {
        "messages: beats and their replies": spent.beats * 2 * MESSAGE,
        "messages: posts of commits": spent.posts * MESSAGE,
        "open sockets": people * spent.seconds / 60 * MINUTES,
        "functions": calls * (CALL + MEMORY_GB * CALL_SECONDS * GB_SECOND),
        "writes": (spent.beats * BEATS.write_units + spent.written) * WRITE,
        "reads": (spent.beats * BEATS.read_units + spent.read) * READ,
        "timers": spent.timers * REQUESTS_OF_A_TIMER * QUEUED,
    }
    return {what: times * price for what, price in found.items()}


def measure(quick: bool, steps: Steps) -> dict[str, Any]:
    people, some = (20, 5) if quick else (PEOPLE, 100)
    with steps.step("a day of presence"):
        day = a_day(people)
    with steps.step("an opening, and blips"):
        scenes = {
            f"{some} open the app within a minute, nobody else there": an_opening(0, some),
            f"the same, {people:,} others there": an_opening(people, some),
            f"{some} of {people:,} lose the network for 30 s, 10 times, unnoticed": a_train(
                people, some, noticed=False
            ),
            "the same, noticed: they reconnect": a_train(people, some, noticed=True),
        }
    return {"people": people, "day": asdict(day), "scenes": {name: asdict(each) for name, each in scenes.items()}}


def report(result: Mapping[str, Any]) -> str:
    people, day = result["people"], Spent(**result["day"])
    times = HOURS * 3600 / day.seconds
    spent = {name: times * value for name, value in asdict(day).items()}
    cost = dollars(day, people, times)
    rows = [
        ["beats", f"{spent['beats']:,.0f}"],
        ["runs of the timers' function", f"{spent['runs']:,.0f}"],
        ["changes told", f"{spent['changes']:,.0f}"],
        ["commits", f"{spent['commits']:,.0f}"],
        ["posts of commits", f"{spent['posts']:,.0f}"],
        ["kB of commits in the log", f"{spent['bytes'] / 1000:,.0f}"],
        ["read units", f"{spent['beats'] * BEATS.read_units + spent['read']:,.0f}"],
        ["write units", f"{spent['beats'] * BEATS.write_units + spent['written']:,.0f}"],
        *([f"dollars: {what}", f"{price:.2f}"] for what, price in cost.items()),
        ["dollars", f"{sum(cost.values()):.2f}"],
    ]
    about = paragraph(
        f"{people:,} people of one brokerage for {HOURS} hours, each {BREAKS} times away and back: "
        f"{MINUTES_MEASURED} minutes were counted, and multiplied."
    )
    scenes = [
        [name, *(f"{each[what]:,}" for what in ("changes", "commits", "posts")), f"{each['posts'] * MESSAGE:.3f}"]
        for name, each in result["scenes"].items()
    ]
    return "\n\n".join([about, table(["", ""], rows), table(["", "changes", "commits", "posts", "dollars"], scenes)])


BENCHMARK = Benchmark("presence", "Count what it costs that people see who is there.", measure, report)

if __name__ == "__main__":
    exit_with(BENCHMARK.run)
