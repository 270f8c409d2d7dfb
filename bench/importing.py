"""Imports: what becomes of tables of other systems without help, and how long rows take to be read."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from bench.command import Benchmark, Result, exit_with
from bench.report import paragraph, table
from deployed.terminal import Steps
from openhouse.importing.proposal import Confidence, propose
from openhouse.importing.reader import Reader
from tests.layouts import THIS_YEAR, TIME_ZONE, Judged, judged, layouts

SAMPLE, ROWS = 2_000, 10_000
GOAL = 0.95  # of the columns


def measure(quick: bool, steps: Steps) -> Result:
    with steps.step("Reading tables of other systems"):
        found = [_judged(judged(layout)) for layout in layouts()]
    with steps.step("Reading many rows"):
        speeds = [_speed(name, 20 if quick else 1) for name in ("follow_up_boss_clients", "redfin", "skyslope")]
    return {"layouts": found, "speeds": speeds}


def _judged(one: Judged) -> dict[str, Any]:
    columns = one.proposal.columns
    return {
        "name": one.layout.name,
        "module": one.layout.module.path,
        "columns": len(columns),
        "right": one.right,
        "asked": sum(column.confidence is Confidence.SUGGESTED for column in columns),
        "wrongColumns": len(one.wrong),
        "wrongValues": len(one.values),
        "rows": len(one.reads),
        "created": sum(read.rejected is None for read in one.reads),
        "warned": sum(read.rejected is None and bool(read.warnings) for read in one.reads),
        "rejected": sum(read.rejected is not None for read in one.reads),
    }


def _speed(name: str, divided: int) -> dict[str, Any]:
    """Of a layout's rows, again and again, by the processor's time: the proposal, and rows a second after it."""
    layout = next(one for one in layouts() if one.name == name)
    rows = [layout.rows[number % len(layout.rows)] for number in range(ROWS // divided)]
    started = time.process_time()
    proposal = propose(layout.columns, rows[:SAMPLE], layout.module)
    proposed = time.process_time()
    reader = Reader.of(proposal.decide(), layout.module, this_year=THIS_YEAR, time_zone=TIME_ZONE)
    for row in rows:
        reader.read(row)
    read = time.process_time()
    return {
        "name": name,
        "columns": len(layout.columns),
        "proposed": proposed - started,
        "rowsPerSecond": len(rows) / (read - proposed),
    }


def report(result: Mapping[str, Any]) -> str:
    found, speeds = result["layouts"], result["speeds"]
    names = ("columns", "right", "asked", "wrongColumns", "wrongValues", "rows", "created", "warned", "rejected")
    total = {name: sum(one[name] for one in found) for name in names}
    rows = [[one["name"], one["module"], *(str(one[name]) for name in names)] for one in found]
    share = total["right"] / total["columns"]
    wrong = total["wrongColumns"] + total["wrongValues"]
    return "\n\n".join(
        [
            paragraph(
                f"Columns mapped right without help: {share:.1%}. "
                f"Goal: {GOAL:.0%}: {'met' if share >= GOAL else 'missed'}. "
                f"Wrong without a warning: {wrong} columns or values. Goal: none: {'missed' if wrong else 'met'}."
            ),
            table(
                [
                    "layout",
                    "module",
                    "columns",
                    "right",
                    "asked",
                    "wrong",
                    "values wrong",
                    "rows",
                    "created",
                    "warned",
                    "rejected",
                ],
                [*rows, ["all", "", *(str(total[name]) for name in names)]],
            ),
            table(
                ["layout", "columns", f"proposed from {SAMPLE} rows, CPU s", "rows a CPU second"],
                [
                    [one["name"], str(one["columns"]), f"{one['proposed']:.2f}", f"{one['rowsPerSecond']:,.0f}"]
                    for one in speeds
                ],
            ),
        ]
    )


BENCHMARK = Benchmark("importing", __doc__.splitlines()[0], measure, report)


if __name__ == "__main__":
    exit_with(BENCHMARK.run)
