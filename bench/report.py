"""The benchmark's figures as plain tables."""

from __future__ import annotations

import os
import platform
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.viewers import Turn

GOAL = 100.0  # milliseconds
_PACKAGES = ("ministack", "boto3", "httpx", "websockets")


def header() -> dict[str, str]:
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "versions": ", ".join(
            [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in _PACKAGES)]
        ),
    }


def heading(head: Mapping[str, str]) -> str:
    return "\n".join(f"{name:9} {text}" for name, text in head.items())


def figures(turns: Sequence[Turn]) -> dict[str, Any]:
    """In milliseconds, p50 and p95: the PATCH's answer, and the first, the median and the last viewer."""
    viewers = len(turns[0].seen)
    return {
        "turns": len(turns),
        "bytes": median(turn.bytes for turn in turns),
        "answered": _percentiles(turn.answered for turn in turns),
        "first": _percentiles(turn.seen[0] for turn in turns),
        "median": _percentiles(turn.seen[viewers // 2] for turn in turns),
        "last": _percentiles(turn.seen[-1] for turn in turns),
    }


def report(result: Mapping[str, Any]) -> str:
    patched, refetched, calls = result["patched"], result["refetched"], result["calls"]
    viewers, refetch = calls["viewers"], _total(calls["refetch"])
    each = {"calls": 0.0, "readUnits": 0.0} | {name: viewers * value for name, value in refetch.items()}
    goal = "met" if patched["median"]["p50"] < GOAL else "missed"
    return "\n\n".join(
        [
            heading(result["header"]),
            f"Time from the start of the PATCH until a viewer has the new state, in ms: {viewers} viewers, "
            f"{patched['turns']} changes each way,\nturn by turn, warm. "
            f"Goal: p50 under {GOAL:.0f} ms by patch: {goal}.\n\n" + _latency_table(patched, refetched),
            "What each viewer receives and asks for, per change:\n\n"
            + table(
                ["", "by patch", "by refetch", "ratio"],
                [
                    [
                        "bytes",
                        f"{patched['bytes']:,.0f}",
                        f"{refetched['bytes']:,.0f}",
                        _ratio(patched["bytes"], refetched["bytes"]),
                    ],
                    ["AWS calls to refetch", "0", f"{refetch['calls']:.0f}", ""],
                    ["read units to refetch", "0", f"{refetch['readUnits']:g}", ""],
                ],
            ),
            f"AWS calls of one change, until its commit is delivered to {viewers} sockets, counted on the functions'\n"
            "own code over moto; units computed from item sizes by DynamoDB's published rules:\n\n"
            + _calls_table(calls["patch"], viewers),
            f"Refetching adds {each['calls']:.0f} calls and {each['readUnits']:g} read units; for each viewer:\n\n"
            + _calls_table(calls["refetch"]),
            "The emulator hands the stream on at once; on AWS, Lambda polls it 4 times a second: up to 250 ms more.",
        ]
    )


def _latency_table(patched: Mapping[str, Any], refetched: Mapping[str, Any]) -> str:
    names = {"first": "first viewer", "median": "median viewer", "last": "last viewer", "answered": "PATCH answered"}
    rows = []
    for place, name in names.items():
        ours, theirs = patched[place], refetched[place]
        numbers = [f"{figure:.0f}" for figure in (ours["p50"], ours["p95"], theirs["p50"], theirs["p95"])]
        rows.append([name, *numbers, _ratio(ours["p50"], theirs["p50"])])
    return table(["", "patch p50", "p95", "refetch p50", "p95", "ratio of p50"], rows)


def _calls_table(lines: Iterable[Mapping[str, Any]], viewers: int | None = None) -> str:
    rows = [
        [line["function"], line["operation"], *(f"{line[name]:g}" for name in ("calls", "readUnits", "writeUnits"))]
        for line in lines
    ]
    total = _total(lines)
    rows.append(["per change" if viewers else "per refetch", "", *(f"{value:g}" for value in total.values())])
    if viewers:
        rows.append(["per delivered commit", "", *(f"{value / viewers:.2f}" for value in total.values())])
    return table(["function", "operation", "calls", "read units", "write units"], rows)


def _total(lines: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    listed = list(lines)
    return {name: sum(line[name] for line in listed) for name in ("calls", "readUnits", "writeUnits")}


def paragraph(text: str) -> str:
    return textwrap.fill(text, 110, break_on_hyphens=False)


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Texts to the left, the numbers to the right."""
    widths = [max(len(row[column]) for row in [titles, *rows]) for column in range(len(titles))]
    texts = 2 if "operation" in titles else 1
    lines = [
        "  ".join(
            cell.ljust(width) if column < texts else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in [titles, *rows]
    ]
    return "\n".join(f"  {line.rstrip()}" for line in lines)


def _percentiles(seconds: Iterable[float]) -> dict[str, float]:
    milliseconds = [1000 * value for value in seconds]
    return {"p50": median(milliseconds), "p95": quantiles(milliseconds, n=20, method="inclusive")[-1]}


def _ratio(ours: float, theirs: float) -> str:
    return f"{theirs / ours:.1f}x"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()
