"""The benchmark's figures as one picture with three charts: arrival, posts a second, cost by members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.posting import AT_MOST, OURS, best_of_boto3
from bench.sockets import PLACES, THEIRS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, ORANGE, GREEN, PURPLE, RED = "#1f6feb", "#e08a00", "#2da44e", "#8250df", "#cf222e"
NARROW = 0.26
_LOOK: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "bench",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "legend.frameon": False,
}


def draw(results: Mapping[str, Any], heading: str, file: Path) -> None:
    """`results` of sockets, posting and rooms. `heading`: where and when they were measured."""
    from matplotlib import rc_context  # noqa: PLC0415 - it takes a second, and whoever tests the figures draws nothing
    from matplotlib.figure import Figure  # noqa: PLC0415

    with rc_context(_LOOK):
        figure = Figure(figsize=(16, 5.2), layout="constrained")
        figure.suptitle(heading, fontsize=11, color="#555555")
        left, middle, right = figure.subplots(1, 3, width_ratios=[1.25, 1, 1])
        _arrival(left, results["sockets"]["rows"])
        _posts(middle, results["posting"])
        _cost(right, results["rooms"]["rows"])
        file.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(file, format="svg", metadata={"Date": None})


def _arrival(axes: Axes, rows: Sequence[Mapping[str, Any]]) -> None:
    axes.set_title("Time to the first, median and last of N sockets, ms")
    labels = [f"{place}\nof {row['sockets']:,}" for row in rows for place in PLACES]
    for shift, colour, name, kind in (
        (-0.2, BLUE, "ours: log, and a signed post each", OURS),
        (0.2, ORANGE, "Socket.IO: one process", THEIRS),
    ):
        values = [row[kind][place] for row in rows for place in PLACES]
        bars = axes.bar([place + shift for place in range(len(values))], values, 0.38, color=colour, label=name)
        axes.bar_label(bars, [_short(value) for value in values], padding=2, fontsize=8)
    axes.set_xticks(range(len(labels)), labels, fontsize=8)
    axes.grid(visible=False, axis="x")
    axes.legend(loc="upper left")


def _posts(axes: Axes, result: Mapping[str, Any]) -> None:
    axes.set_title("Posts a second (log scale)")
    schemes = {"http": "plain HTTP", "https": "TLS"}
    series = (
        (-NARROW, GREEN, "boto3, best of 1, 8, 32 threads", [best_of_boto3(result[scheme]) for scheme in schemes]),
        (0.0, BLUE, "ours", [result[scheme][OURS] for scheme in schemes]),
        (NARROW, PURPLE, "wrk: unsigned, always the same", [result[scheme].get(AT_MOST, 0) for scheme in schemes]),
    )
    for shift, colour, name, rates in series:
        if all(rates):  # wrk may not be there
            places = [place + shift for place in range(len(rates))]
            bars = axes.bar(places, rates, NARROW * 0.94, color=colour, label=name)
            axes.bar_label(bars, [f"{rate:,.0f}" for rate in rates], padding=2, fontsize=8)
    axes.set_yscale("log")
    axes.set_ylim(100, 3_000_000)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_xticks(range(len(schemes)), [*schemes.values()])
    axes.grid(visible=False, axis="x")
    axes.legend(loc="upper right", fontsize=9)


def _cost(axes: Axes, rows: Sequence[Mapping[str, Any]]) -> None:
    axes.set_title("Cost of one commit by members (log scale)")
    members = [row["members"] for row in rows]
    series = {
        "posts": (BLUE, [row["posts"] for row in rows]),
        "read units": (
            ORANGE,
            [row["rowUnits"] + row["readUnits"] + row["looks"] for row in rows],
        ),
        "CPU ms": (RED, [row["writeMs"] + row["deliverMs"] for row in rows]),
        "SQS messages": (PURPLE, [row["messages"] for row in rows]),
        "write units": (GREEN, [row["writeUnits"] + row["budget"] for row in rows]),
    }
    for name, (colour, values) in series.items():
        label = f"{name}: {values[0]:,.0f} to {values[-1]:,.0f}"
        axes.plot(members, values, color=colour, label=label, marker="o", linewidth=2)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(members, [f"{count:,}" for count in members])
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.minorticks_off()
    axes.set_xlabel("members")
    axes.legend(loc="upper left", fontsize=9)


def _short(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"
