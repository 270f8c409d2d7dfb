"""The benchmark's figures as charts, one for each section of its page, in the colours of that page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bench.costs import COPIES, by_patch, by_refetch
from bench.posting import AT_MOST, OURS, best_of_boto3
from bench.sockets import PLACES, THEIRS
from deployed.charts import look, page_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Stand for the page's variables, which change by night: the page has no other use for these.
TEXT, MUTED, LINE, SURFACE = "#010101", "#020202", "#030303", "#040404"
ACCENT, AMBER, BLUE, RED, VIOLET = "#050505", "#060606", "#070707", "#080808", "#090909"
_VARIABLES = {
    TEXT: "text",
    MUTED: "muted",
    LINE: "line",
    SURFACE: "surface",
    ACCENT: "accent",
    AMBER: "amber",
    BLUE: "blue",
    RED: "red",
    VIOLET: "violet",
}
NARROW = 0.26
_LOOK = look(text=TEXT, muted=MUTED, line=LINE) | {"axes.grid": True, "axes.grid.axis": "y"}


def charts(results: Mapping[str, Any]) -> dict[str, str]:
    """SVG elements by the benchmark's name, of those of `results` of which there is a chart."""
    return {name: _svg(name, draw, results[name]) for name, draw in _CHARTS.items() if name in results}


def _svg(name: str, draw: Callable[[Axes, Any], None], result: Mapping[str, Any]) -> str:
    return page_svg(lambda axes: draw(axes, result), look=_LOOK, size=(7.6, 3.6), name=name, variables=_VARIABLES)


def _costs(axes: Axes, result: Mapping[str, Any]) -> None:
    axes.set_title("AWS calls of one change, until all who look have it (log scale)")
    rows = result["rows"]
    _bars(
        axes,
        [f"{row['viewers']} viewer{'s' if row['viewers'] > 1 else ''}" for row in rows],
        {
            "by patch": (ACCENT, [by_patch(row)["calls"] for row in rows]),
            "by refetch": (AMBER, [by_refetch(row, 1)["calls"] for row in rows]),
            f"by refetch, {COPIES} copies": (RED, [by_refetch(row, COPIES)["calls"] for row in rows]),
        },
    )
    axes.set_yscale("log")
    _room_above(axes, log=True)


def _posts(axes: Axes, result: Mapping[str, Any]) -> None:
    axes.set_title("Posts a second (log scale)")
    schemes = {"http": "plain HTTP", "https": "TLS"}
    series = {
        "boto3, best of its threads": (AMBER, [best_of_boto3(result[scheme]) for scheme in schemes]),
        "ours": (ACCENT, [result[scheme][OURS] for scheme in schemes]),
        "wrk: unsigned, always the same": (BLUE, [result[scheme].get(AT_MOST, 0) for scheme in schemes]),
    }
    # wrk may not be there.
    _bars(axes, [*schemes.values()], {name: each for name, each in series.items() if all(each[1])})
    axes.set_yscale("log")
    _room_above(axes, log=True)


def _starts(axes: Axes, result: Mapping[str, Any]) -> None:
    axes.set_title("CPU of a cold start, ms, and its goal")
    rows = result["rows"][::-1]
    places = range(len(rows))
    imports = [row["importMs"] for row in rows]
    axes.barh(places, imports, 0.62, color=ACCENT, label="import")
    calls = axes.barh(places, [row["callMs"] for row in rows], 0.62, imports, color=BLUE, label="first call")
    axes.bar_label(calls, [f"{row['totalMs']:,.0f}" for row in rows], padding=4, fontsize=9)
    goals = [row["goal"] for row in rows]
    axes.plot(goals, places, linestyle="", marker="|", markersize=16, markeredgewidth=2, color=RED, label="goal")
    axes.set_yticks(places, [row["name"] for row in rows])
    axes.tick_params(axis="y", labelcolor=TEXT)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.spines["bottom"].set_visible(False)
    axes.set_xlim(0, 1.12 * max(*goals, *(row["totalMs"] for row in rows)))
    axes.figure.legend(loc="outside lower center", ncols=3)


def _arrival(axes: Axes, result: Mapping[str, Any]) -> None:
    axes.set_title("Time to the first, median and last of N sockets, ms")
    rows = result["rows"]
    _bars(
        axes,
        [f"{place}\nof {row['sockets']:,}" for row in rows for place in PLACES],
        {
            "ours: log, and a signed post each": (ACCENT, [row[OURS][place] for row in rows for place in PLACES]),
            "Socket.IO: one process": (AMBER, [row[THEIRS][place] for row in rows for place in PLACES]),
        },
    )
    _room_above(axes)


def _cost(axes: Axes, result: Mapping[str, Any]) -> None:
    axes.set_title("Cost of one commit by the room's members (log scale)")
    rows = result["rows"]
    members = [row["members"] for row in rows]
    series = {
        "posts": (BLUE, [row["posts"] for row in rows]),
        "read units": (AMBER, [row["rowUnits"] + row["readUnits"] + row["looks"] for row in rows]),
        "CPU ms": (RED, [row["writeMs"] + row["deliverMs"] for row in rows]),
        "SQS messages": (VIOLET, [row["messages"] for row in rows]),
        "write units": (ACCENT, [row["writeUnits"] + row["budget"] for row in rows]),
    }
    for name, (colour, values) in series.items():
        label = f"{name}: {values[0]:,.0f} to {values[-1]:,.0f}"
        axes.plot(members, values, color=colour, label=label, marker="o", markersize=5, linewidth=2)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(members, [f"{count:,}" for count in members])
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.minorticks_off()
    axes.set_xlabel("members")
    axes.figure.legend(loc="outside right center")


def _latency(axes: Axes, result: Mapping[str, Any]) -> None:
    axes.set_title("From the start of a PATCH until a viewer has it: p50, ms")
    names = {"answered": "answered", "first": "first viewer", "median": "median viewer", "last": "last viewer"}
    _bars(
        axes,
        [*names.values()],
        {
            "by patch": (ACCENT, [result["patched"][place]["p50"] for place in names]),
            "by refetch": (AMBER, [result["refetched"][place]["p50"] for place in names]),
        },
    )
    _room_above(axes)


def _bars(axes: Axes, labels: Sequence[str], series: Mapping[str, tuple[str, Sequence[float]]]) -> None:
    """Side by side at each label; each says what it is."""
    width = 0.8 / len(series)
    for number, (name, (colour, values)) in enumerate(series.items()):
        shift = (number - (len(series) - 1) / 2) * width
        bars = axes.bar([place + shift for place in range(len(labels))], values, 0.92 * width, color=colour, label=name)
        axes.bar_label(bars, [_short(value) for value in values], padding=2, fontsize=8)
    axes.set_xticks(range(len(labels)), labels)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.minorticks_off()
    axes.figure.legend(loc="outside lower center", ncols=len(series))


def _room_above(axes: Axes, *, log: bool = False) -> None:
    """For what stands above the highest bar."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, high * (2 if log else 1.08))
    axes.minorticks_off()
    axes.yaxis.set_major_formatter("{x:,.0f}")


def _short(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


_CHARTS: Mapping[str, Callable[[Axes, Any], None]] = {
    "costs": _costs,
    "rooms": _cost,
    "posting": _posts,
    "starts": _starts,
    "sockets": _arrival,
    "latency": _latency,
}
