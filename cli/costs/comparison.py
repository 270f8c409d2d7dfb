"""Ours beside the others, and from how many people or writes on which is the cheaper one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cli.costs import others
from cli.costs.counted import Counted
from cli.costs.ours import Month
from cli.costs.prices import Prices
from cli.costs.usage import Usage

OURS = "Openhouse"
_BESIDE: Mapping[str, Callable[..., Mapping[str, float] | None]] = {
    "Socket.IO server": others.socket_io,
    "AppSync Events": others.appsync,
    "Ably": others.ably,
    "Pusher": others.pusher,
}
NAMES = (OURS, *_BESIDE)
SOCKET_IO = "Socket.IO server"
LADDER = tuple(sorted({round(10 ** (step / 8)) for step in range(37)}))  # people, from 1 to 31,623
_PRECISION = 0.01


@dataclass(frozen=True)
class Crossing:
    """From `at` on, as it grows, ours is the `cheaper` one, or the dearer."""

    name: str
    at: float
    cheaper: bool


class Comparison:
    def __init__(self, usage: Usage, prices: Prices, counted: Counted, *, free_tier: bool = False) -> None:
        self.usage = usage
        self.prices = prices
        self.free_tier = free_tier
        self._counted = counted

    def month(self, usage: Usage | None = None) -> Month:
        return Month(usage or self.usage, self.prices, self._counted)

    def totals(self, usage: Usage | None = None) -> dict[str, float | None]:
        """Dollars a month; None where there is no list price for so much."""
        month = self.month(usage)
        found: dict[str, float | None] = {OURS: month.total(free_tier=self.free_tier)}
        for name, parts in self.parts(month).items():
            found[name] = None if parts is None else sum(parts.values())
        return found

    def parts(self, month: Month) -> dict[str, Mapping[str, float] | None]:
        """Of what the others' dollars consist."""
        return {name: cost(month, self.prices, free_tier=self.free_tier) for name, cost in _BESIDE.items()}

    def at_users(self, users: float) -> dict[str, float | None]:
        return self.totals(replace(self.usage, users=users))

    def crossings_of_users(self) -> list[Crossing]:
        return self._crossings(LADDER, self.at_users)

    def crossings_of_writes(self) -> list[Crossing]:
        """Writes of a person in an hour."""
        steps = [0.0, *(10 ** (step / 4) / 10 for step in range(17))]
        return self._crossings(steps, lambda writes: self.totals(replace(self.usage, writes=writes)))

    def _crossings(self, steps: Sequence[float], cost: Callable[[float], dict[str, float | None]]) -> list[Crossing]:
        found = []
        costs = [cost(step) for step in steps]
        for name in _BESIDE:
            for low, high, before, after in zip(steps, steps[1:], costs, costs[1:], strict=False):
                first, then = _dearer(before, name), _dearer(after, name)
                if first is not None and then is not None and first != then:
                    found.append(Crossing(name, _between(low, high, lambda at: _dearer(cost(at), name)), not then))  # noqa: B023
        return found


def _dearer(costs: Mapping[str, float | None], name: str) -> bool | None:
    ours, theirs = costs[OURS], costs[name]
    return None if ours is None or theirs is None else ours > theirs


def _between(low: float, high: float, dearer: Callable[[float], bool | None]) -> float:
    """Where it changes."""
    first = dearer(low)
    while high - low > _PRECISION * high:
        middle = (low + high) / 2
        low, high = (middle, high) if dearer(middle) == first else (low, middle)
    return high
