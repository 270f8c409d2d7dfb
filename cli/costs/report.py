"""The comparison as lines for a terminal, and as one JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from cli.costs.comparison import NAMES, OURS, SOCKET_IO, Comparison, Crossing
from cli.costs.others import NOTES
from cli.costs.usage import assumptions

SCALE = (5, 50, 200, 1_000, 5_000, 10_000)  # people
_LEAST = 0.005  # dollars: what is less is not shown


def lines(comparison: Comparison) -> Iterator[str]:
    month, usage = comparison.month(), comparison.usage
    total = month.total(free_tier=comparison.free_tier)
    yield f"Openhouse for {usage.users:,.0f} people, US dollars a month, {comparison.prices.region}"
    yield ""
    yield from _table(month.by_activity(free_tier=comparison.free_tier), total, usage.users)
    yield ""
    yield "The same by what AWS asks for"
    yield ""
    yield from _table(month.by_meter(free_tier=comparison.free_tier), total, usage.users)
    yield ""
    yield "Beside others, a month (and for a person)"
    yield ""
    yield from _beside(comparison)
    yield ""
    yield from map(_sentence_of_users, comparison.crossings_of_users())
    writes = comparison.crossings_of_writes()
    yield from (_sentence_of_writes(each, usage.users) for each in writes)
    if all(each.name != SOCKET_IO for each in writes):
        costs = comparison.totals()
        ours, theirs = costs[OURS], costs[SOCKET_IO]
        assert ours is not None
        assert theirs is not None
        word = "dearer" if ours > theirs else "cheaper"
        yield f"Of {usage.users:,.0f} people ours is {word} than a {SOCKET_IO}, however much or little they write."
    yield ""
    yield "Assumed"
    yield from (f"- {line}" for line in notes(comparison))


def notes(comparison: Comparison) -> list[str]:
    prices = comparison.prices
    free = "with" if comparison.free_tier else "without"
    about = f"List prices of {prices.as_of}, on demand, {free} what AWS gives each account for nothing."
    return [about, *assumptions(comparison.usage), *NOTES]


def document(comparison: Comparison) -> dict[str, Any]:
    """All of it in dollars a month."""
    month, free = comparison.month(), comparison.free_tier
    return {
        "region": comparison.prices.region,
        "pricesAsOf": comparison.prices.as_of,
        "usage": asdict(comparison.usage),
        "openhouse": {
            "total": month.total(free_tier=free),
            "byActivity": month.by_activity(free_tier=free),
            "byMeter": month.by_meter(free_tier=free),
            "amounts": dict(month.amounts()),
        },
        "others": {name: parts and dict(parts) for name, parts in comparison.parts(month).items()},
        "totals": comparison.totals(),
        "totalsByUsers": {str(users): comparison.at_users(users) for users in SCALE},
        "breakEvenUsers": [asdict(each) for each in comparison.crossings_of_users()],
        "breakEvenWritesPerUserHour": [asdict(each) for each in comparison.crossings_of_writes()],
        "assumptions": notes(comparison),
    }


def _table(dollars: Mapping[str, float], total: float, users: float) -> Iterator[str]:
    shown = {name: value for name, value in dollars.items() if value >= _LEAST}
    width = max(map(len, [*shown, "together"]))
    yield f"  {'':{width}}  {'a month':>10}  {'a person':>9}  {'share':>5}"
    for name, value in shown.items():
        yield f"  {name:{width}}  {value:10,.2f}  {value / users:9,.4f}  {value / total:5.0%}"
    yield f"  {'together':{width}}  {total:10,.2f}  {total / users:9,.4f}"


def _beside(comparison: Comparison) -> Iterator[str]:
    usage = comparison.usage
    scale = sorted({*SCALE, usage.users})
    rows = {users: comparison.at_users(users) for users in scale}
    yield f"  {'people':>8}  " + "  ".join(f"{name:>20}" for name in NAMES)
    for users, costs in rows.items():
        yield f"  {users:8,.0f}  " + "  ".join(f"{_cell(costs[name], users):>20}" for name in NAMES)


def _cell(dollars: float | None, users: float) -> str:
    return "no list price" if dollars is None else f"{dollars:,.2f} ({dollars / users:,.3f})"


def _sentence_of_users(crossing: Crossing) -> str:
    word = "cheaper" if crossing.cheaper else "dearer"
    return f"From {crossing.at:,.0f} people on ours is {word} than {_an(crossing.name)}."


def _sentence_of_writes(crossing: Crossing, users: float) -> str:
    word = "cheaper" if crossing.cheaper else "dearer"
    return (
        f"Of {users:,.0f} people, from {crossing.at:,.1f} writes of each an hour on, ours is {word} than "
        f"{_an(crossing.name)}."
    )


def _an(name: str) -> str:
    return f"a {name}" if name == SOCKET_IO else name
