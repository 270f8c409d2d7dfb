"""What a month of Openhouse costs: what is done in it, times what each takes, times what AWS asks for that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil, exp

from cli.costs.counted import Counted, Takes
from cli.costs.prices import Price, Prices
from cli.costs.saying import AND_BEAT, BEAT, HALF, of_an_hour
from cli.costs.standing import (
    ACCESS_LINE_BYTES,
    ALARMS,
    CANARY_A_MONTH,
    CANARY_WAITS_MS,
    DASHBOARDS,
    HOURS,
    MEMORY_GB,
    METRICS_ALWAYS,
    METRICS_AT_WORK,
    POLLED_QUEUES,
    POLLS_A_MINUTE,
    TRACED,
    TRACED_A_SECOND,
    TRACED_OF_OTHERS,
)
from cli.costs.usage import HABITS, Habits, Usage
from openhouse.collaboration.sightings import BEAT_SECONDS

Amounts = Mapping[str, float]

GB = 1e9
SHARE = 0.05  # of visits are measured, each of which tells of each minute
_NOTHING = Takes()
_MONTH_OF_LOG = 7 / 30  # a log forgets after a week
_OF_TAKES = {"reads": "read units", "writes": "write units", "queued": "queue requests", "requests": "http requests"}


@dataclass(frozen=True)
class Activity:
    """`number` times `takes`, or what stands beside that. `live`: it is what sockets are there for."""

    name: str
    number: float = 0.0
    takes: Takes = _NOTHING
    beside: Mapping[str, float] | None = None
    live: bool = False

    @cached_property
    def calls(self) -> Mapping[str, float]:
        return {function: self.number * calls for function, calls in self.takes.calls.items()}

    def amounts(self, habits: Habits = HABITS) -> Amounts:
        """By what has a price."""
        takes = self.takes.times(self.number)
        found: defaultdict[str, float] = defaultdict(float, self.beside or {})
        for field, meter in _OF_TAKES.items():
            found[meter] += getattr(takes, field)
        for of_the_way in ("front requests", "front functions"):  # of CloudFront, which the app's requests pass
            found[of_the_way] += takes.requests
        found["socket messages"] += takes.received + takes.posts
        found["GB logged"] += (takes.logged + takes.requests * ACCESS_LINE_BYTES) / GB
        found["GB sent"] += takes.sent / GB
        for function, calls in takes.calls.items():
            milliseconds = takes.milliseconds[function] + calls * habits.cold * habits.cold_milliseconds
            found["function calls"] += calls
            found["function GB-seconds"] += milliseconds / 1_000 * MEMORY_GB[function]
        return found


class Month:
    def __init__(self, usage: Usage, prices: Prices, counted: Counted, habits: Habits = HABITS) -> None:
        self.usage = usage
        self.habits = habits
        self.counted = counted
        self._prices = prices

    @cached_property
    def activities(self) -> list[Activity]:
        return [*self._writing(), *self._reading(), *self._live(), *self._standing()]

    @cached_property
    def commits(self) -> float:
        """Of teams' rooms: each is told to their members."""
        usage, habits = self.usage, self.habits
        imported = self.counted.write("imported row", usage.members).calls.get("fast_lane", 0.0)
        return usage.worked * usage.writes * (1 + habits.locked) + usage.imported * imported

    @cached_property
    def presence(self) -> Mapping[str, float]:
        """Of all brokerages in a month: `commits`, `changes`, `runs` and so on."""
        an_hour = self.counted.presence(self.usage.people)
        hours = self.usage.brokerages * (self.usage.hours + self.usage.idle_hours) * self.usage.days
        return {name: hours * value for name, value in an_hour.items()}

    def said(self, *, beside_others: bool) -> Mapping[str, float]:
        """What is said of looking at records, and the beats meanwhile: alone, or while others look, too."""
        habits = self.habits
        share = habits.shared if beside_others else 1 - habits.shared
        every = habits.look_seconds if beside_others else habits.alone_seconds
        an_hour = of_an_hour(habits.spells, habits.looking, every)
        return {what: count * share * self.usage.worked for what, count in an_hour.items()}

    @cached_property
    def views(self) -> tuple[float, float]:
        """How often somebody says that they look at a record or do no more, alone and beside others."""
        alone, beside = (self.said(beside_others=others) for others in (False, True))
        return sum(alone.values()) - alone[BEAT], sum(beside.values()) - beside[BEAT]

    @cached_property
    def beats(self) -> tuple[float, float]:
        """Those that are said by themselves, while somebody works and else."""
        working = self.said(beside_others=False)[BEAT] + self.said(beside_others=True)[BEAT]
        return working, self.usage.idle * 3_600 / BEAT_SECONDS

    @property
    def silent(self) -> tuple[float, float]:
        """Of these, the shares that want no reply, as something has just arrived."""
        seen = self.counted.presence(self.usage.people)["commits"]
        told = self.usage.members * self.usage.writes * (1 + self.habits.locked)
        at_work, idle = (1 - exp(-news * HALF / 3_600) for news in (seen + told, seen))
        return at_work, idle

    @property
    def typing(self) -> float:
        """How often somebody says that they type: beside others alone."""
        return self.usage.worked * self.habits.typing * self.habits.shared

    @property
    def connects(self) -> float:
        usage, habits = self.usage, self.habits
        a_day = ceil((usage.hours + usage.idle_hours) / habits.socket_hours) + habits.connects
        return usage.users * usage.days * a_day

    def amounts(self, *, live: bool = True) -> Amounts:
        """`live`: with what is there for sockets alone."""
        return _sum(each.amounts(self.habits) for each in self.activities if live or not each.live)

    def by_meter(self, *, free_tier: bool = False) -> dict[str, float]:
        """Dollars by what AWS asks for, the dearest first."""
        return _ordered(_by_meter(self.amounts(), self._prices.aws, free_tier=free_tier))

    def by_activity(self, *, free_tier: bool = False) -> dict[str, float]:
        """Dollars by what they are for, the dearest first. What is free or cheaper is shared by all alike."""
        amounts, dollars = self.amounts(), _by_meter(self.amounts(), self._prices.aws, free_tier=free_tier)
        each = {name: dollars[name] / amount for name, amount in amounts.items() if amount}
        found: defaultdict[str, float] = defaultdict(float)
        for activity in self.activities:
            for name, amount in activity.amounts(self.habits).items():
                found[activity.name] += amount * each.get(name, 0.0)
        return _ordered(found)

    def total(self, *, free_tier: bool = False) -> float:
        return sum(self.by_meter(free_tier=free_tier).values())

    # Of what it consists ----------------------------------------------------------------------------------------------

    def _writing(self) -> Iterator[Activity]:
        usage, habits, counted = self.usage, self.habits, self.counted
        writes, members = usage.worked * usage.writes, usage.members
        saves = 1 - habits.created - habits.locked
        yield Activity("changes: saves", writes * saves, counted.write("save", members))
        yield Activity("changes: new records", writes * habits.created, counted.write("create", members))
        yield Activity("changes: forms, locked and saved", writes * habits.locked, counted.write("edit", members))
        yield Activity("imports", usage.imported, counted.write("imported row", members))

    def _reading(self) -> Iterator[Activity]:
        usage, habits, counted = self.usage, self.habits, self.counted
        yield Activity("lists and records fetched", usage.worked * habits.lists, counted.person("list"))
        yield Activity("lists and records fetched", usage.worked * habits.opened, counted.person("record"))
        yield Activity("lists and records fetched", usage.users * usage.days, counted.person("notifications"))
        asked = min(12.0, habits.lists + habits.opened + usage.writes)  # an hour: API Gateway keeps a token 5 minutes
        yield Activity("lists and records fetched", usage.worked * asked, counted.person("token"))

    def _live(self) -> Iterator[Activity]:
        usage, habits, counted = self.usage, self.habits, self.counted
        for number, silent in zip(self.beats, self.silent, strict=True):
            yield Activity("presence: beats", number * (1 - silent), counted.person("beat"), live=True)
            yield Activity("presence: beats", number * silent, counted.person("silent beat"), live=True)
        presence = self.presence
        yield Activity("presence: telling of it", presence["commits"], counted.announcement(usage.people), live=True)
        runs = Takes(calls={"timers": 1.0}, milliseconds={"timers": counted.run_milliseconds})
        beside = {
            "read units": presence["read"],
            "write units": presence["written"],
            "queue requests": 3 * presence["timers"],
        }
        yield Activity("presence: telling of it", presence["runs"], runs, beside, live=True)
        yield from self._viewing()
        yield Activity("typing", self.typing, counted.hint("typing", habits.others), live=True)
        pings = usage.worked * habits.pings + usage.idle * habits.idle_pings
        yield Activity("pings", pings, counted.person("ping"), live=True)
        yield Activity("connecting", self.connects, counted.person("connect") + counted.person("disconnect"), live=True)
        yield Activity("open sockets", beside={"socket minutes": usage.open * 60}, live=True)

    def _viewing(self) -> Iterator[Activity]:
        for others in (0.0, self.habits.others):
            beat = self._along(others)
            for what, number in self.said(beside_others=others > 0).items():
                if what != BEAT:
                    takes = self.counted.hint(what.removesuffix(AND_BEAT), others)
                    yield Activity("viewing", number, takes + beat if what.endswith(AND_BEAT) else takes, live=True)

    def _along(self, others: float) -> Takes:
        """What a beat takes that is said with something else."""
        again, both = self.counted.hint("again", others), self.counted.hint("again and beat", others)
        return both + again.times(-1)

    def _standing(self) -> Iterator[Activity]:
        usage, habits, stored = self.usage, self.habits, self.counted.stored
        changes = usage.worked * usage.writes
        kept = usage.users * usage.records * stored["record"] + changes * habits.history_bytes * habits.history_months
        log = (self.commits + self.presence["commits"]) * _MONTH_OF_LOG * stored["entry"]
        space = {"GB stored": (kept + log) / GB, "GB recoverable": (kept + log) / GB}
        yield Activity("storage, and what it can be restored from", beside=space)
        yield Activity("traces", beside={"traces": self._traces()})
        polls = POLLED_QUEUES * POLLS_A_MINUTE * HOURS * 60
        yield Activity("queues that are polled", beside={"queue requests": polls})
        yield from self._watching()
        yield Activity("people who sign in", beside={"monthly users": usage.users})

    def _watching(self) -> Iterator[Activity]:
        """What tells whoever operates it how it is."""
        usage, counted = self.usage, self.counted
        open_share = min(1.0, (usage.hours + usage.idle_hours) * usage.days / HOURS)
        metrics = METRICS_ALWAYS + METRICS_AT_WORK * open_share
        yield Activity(
            "metrics, alarms, the dashboard",
            beside={"own metrics": metrics, "alarms": ALARMS, "dashboards": DASHBOARDS},
        )
        song = counted.person("song") + Takes(milliseconds={"canary": CANARY_WAITS_MS})
        comes_and_goes = counted.person("connect") + counted.person("disconnect") + counted.announcement(1).times(2)
        yield Activity("the canary", CANARY_A_MONTH, song + comes_and_goes)
        reports = usage.worked * 60 * SHARE
        yield Activity("what browsers measure", reports, counted.person("report"), live=True)

    def _traces(self) -> float:
        calls = _sum(each.calls for each in (*self._writing(), *self._reading(), *self._live(), *self._watching()))
        seconds = self.usage.hours * self.usage.days * 3_600
        rates = {function: number / seconds for function, number in calls.items() if function in TRACED}
        first = sum(min(rate, TRACED_A_SECOND) for rate in rates.values())
        others = sum(max(0.0, rate - TRACED_A_SECOND) * TRACED_OF_OTHERS for rate in rates.values())
        return (first + others) * seconds


def _sum(parts: Iterable[Amounts]) -> dict[str, float]:
    found: defaultdict[str, float] = defaultdict(float)
    for part in parts:
        for name, amount in part.items():
            found[name] += amount
    return found


def _by_meter(amounts: Mapping[str, float], prices: Mapping[str, Price], *, free_tier: bool) -> dict[str, float]:
    return {name: prices[name].dollars(amount, free_tier=free_tier) for name, amount in amounts.items()}


def _ordered(dollars: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(dollars.items(), key=lambda each: -each[1]))
