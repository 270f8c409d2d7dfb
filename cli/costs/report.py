"""The comparison as lines for a terminal, and as one JSON document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from textwrap import wrap
from typing import Any

from cli.costs.comparison import NAMES, OURS, SOCKET_IO, Comparison, Crossing
from cli.costs.others import NOTES
from cli.costs.usage import assumptions

SCALE = (5, 50, 200, 1_000, 5_000, 10_000)  # people
_WIDTH = 80
_LEAST = 0.005  # dollars: what is less is not shown
_NO_PRICE, _LEAST_WIDTH = "none", 10  # where a list of prices ends


def lines(comparison: Comparison) -> Iterator[str]:
    """None is wider than a terminal usually is."""
    for line in _lines(comparison):
        further = "  " if line.startswith("- ") else ""
        yield from wrap(line, _WIDTH, subsequent_indent=further, break_on_hyphens=False) if line.strip() else [line]


def _lines(comparison: Comparison) -> Iterator[str]:
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
    yield "Beside others, dollars a month"
    yield ""
    yield from _beside(comparison, lambda dollars, _: f"{dollars:,.2f}")
    yield ""
    yield "The same for each person"
    yield ""
    yield from _beside(comparison, lambda dollars, users: f"{dollars / users:,.3f}")
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
        yield f"For {usage.users:,.0f} people ours is {word} than a {SOCKET_IO}, however much or little they write."
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
    width = max(map(len, [*shown, "total"]))
    yield f"  {'':{width}}  {'a month':>10}  {'a person':>9}  {'share':>5}"
    for name, value in shown.items():
        yield f"  {name:{width}}  {value:10,.2f}  {value / users:9,.4f}  {value / total:5.0%}"
    yield f"  {'total':{width}}  {total:10,.2f}  {total / users:9,.4f}"


def _beside(comparison: Comparison, cell: Callable[[float, float], str]) -> Iterator[str]:
    """`cell`: of dollars a month, for so many people. It fits into a terminal of the usual width."""
    scale = sorted({*SCALE, comparison.usage.users})
    rows = {users: comparison.at_users(users) for users in scale}
    widths = {name: max(_LEAST_WIDTH, len(name)) for name in NAMES}
    yield f"  {'people':>8}  " + "  ".join(f"{name:>{width}}" for name, width in widths.items())
    for users, costs in rows.items():
        cells = {name: _NO_PRICE if (cost := costs[name]) is None else cell(cost, users) for name in NAMES}
        yield f"  {users:8,.0f}  " + "  ".join(f"{cells[name]:>{width}}" for name, width in widths.items())


def _sentence_of_users(crossing: Crossing) -> str:
    word = "cheaper" if crossing.cheaper else "dearer"
    return f"From {crossing.at:,.0f} people on ours is {word} than {_an(crossing.name)}."


def _sentence_of_writes(crossing: Crossing, users: float) -> str:
    word = "cheaper" if crossing.cheaper else "dearer"
    return (
        f"For {users:,.0f} people, from {crossing.at:,.1f} writes of each an hour on, ours is {word} than "
        f"{_an(crossing.name)}."
    )


def _an(name: str) -> str:
    return f"a {name}" if name == SOCKET_IO else name
