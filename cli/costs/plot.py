"""The comparison as a picture: what each costs by the number of people, and what ours consists of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.costs.comparison import LADDER, NAMES, OURS, Comparison
from deployed.charts import look
from deployed.terminal import CommandFailed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KINDS = (".png", ".svg")
_COLOURS = dict(zip(NAMES, ("#0f766e", "#b45309", "#2563eb", "#b91c1c", "#7c3aed"), strict=True))
_INK, _MUTED, _LINE = "#1c1917", "#57534e", "#e7e5e4"
_MOST_BARS = 10
_LOOK = look(text=_INK, muted=_MUTED, line=_LINE) | {"svg.hashsalt": "openhouse cost"}


def draw(comparison: Comparison, file: Path) -> None:
    """Raises CommandFailed of a file that cannot be written."""
    from matplotlib import rc_context  # noqa: PLC0415 - it takes a second, and only who draws waits for it
    from matplotlib.figure import Figure  # noqa: PLC0415

    with rc_context(_LOOK):
        figure = Figure(figsize=(12, 4.6), layout="constrained")
        left, right = figure.subplots(1, 2)
        _by_users(left, comparison)
        _by_activity(right, comparison)
        figure.text(0.995, 0.005, _origin(comparison), ha="right", va="bottom", fontsize=7, color=_MUTED)
        date: Mapping[str, Any] = {"Date": None} if file.suffix == ".svg" else {}
        try:
            figure.savefig(file, dpi=160, metadata=dict(date))
        except OSError as error:
            raise CommandFailed(f"{file} cannot be written: {error.strerror}.") from error


def _origin(comparison: Comparison) -> str:
    return f"List prices of {comparison.prices.as_of}, {comparison.prices.region}; `openhouse cost`"


def _by_users(axes: Axes, comparison: Comparison) -> None:
    axes.set_title("US dollars a month, by people (both logarithmic)")
    costs = {users: comparison.at_users(users) for users in LADDER}
    for name in NAMES:
        known = [(users, cost) for users, each in costs.items() if (cost := each[name])]
        axes.plot(
            [users for users, _ in known],
            [cost for _, cost in known],
            color=_COLOURS[name],
            label=name,
            linewidth=2.6 if name == OURS else 1.8,
        )
    axes.axvline(comparison.usage.users, color=_MUTED, linewidth=0.8, linestyle=":")
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:,.0f}")
    axes.minorticks_off()
    axes.grid(visible=True, axis="y")
    axes.set_xlabel("people")
    axes.legend(loc="upper left")


def _by_activity(axes: Axes, comparison: Comparison) -> None:
    users = comparison.usage.users
    found = comparison.month().by_activity(free_tier=comparison.free_tier)
    axes.set_title(f"Ours for {users:,.0f} people: {sum(found.values()):,.2f} dollars a month")
    shown = dict([*found.items()][:_MOST_BARS])
    if rest := sum([*found.values()][_MOST_BARS:]):
        shown["all else"] = rest
    places = range(len(shown))[::-1]
    bars = axes.barh(places, [*shown.values()], 0.62, color=_COLOURS[OURS])
    axes.bar_label(bars, [f"{value:,.2f}" for value in shown.values()], padding=4, fontsize=9)
    axes.set_yticks(places, [*shown])
    axes.tick_params(axis="y", labelcolor=_INK)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(visible=True, axis="x")
    axes.spines["bottom"].set_visible(False)
    axes.set_xlim(0, 1.15 * max(shown.values()))
