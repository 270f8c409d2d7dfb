"""Imports: what becomes of tables of other systems without help, and how long rows take to be read.

Which column is which field is said by rules alone, whatever the language engine is: no model is shown a file. So
Bedrock has no score here. Tables that are held out count apart: nothing was learnt from them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from bench.command import Benchmark, Result, exit_with
from bench.report import paragraph, table
from deployed.terminal import Steps
from openhouse.importing.proposal import Confidence, propose
from openhouse.importing.reader import Reader
from tests.layouts import THIS_YEAR, TIME_ZONE, Judged, held_out, judged, layouts

SAMPLE, ROWS = 2_000, 10_000
GOAL = 0.95  # of the columns
NAMES = ("columns", "right", "asked", "wrongColumns", "filledWrong", "rows", "created", "warned", "rejected")
HEADS = ("columns", "right", "asked", "wrong", "values wrong", "rows", "created", "warned", "rejected")


def measure(quick: bool, steps: Steps) -> Result:
    with steps.step("Reading tables of other systems"):
        learnt = [_judged(judged(layout)) for layout in layouts()]
        unseen = [_judged(judged(layout)) for layout in held_out()]
    with steps.step("Reading many rows"):
        speeds = [_speed(name, 20 if quick else 1) for name in ("follow_up_boss_clients", "redfin", "skyslope")]
    return {"engine": "rules", "layouts": learnt, "heldOut": unseen, "speeds": speeds}


def _judged(one: Judged) -> dict[str, Any]:
    columns = one.proposal.columns
    return {
        "name": one.layout.name,
        "module": one.layout.module.path,
        "columns": len(columns),
        "right": one.right,
        "asked": sum(column.confidence is Confidence.SUGGESTED for column in columns),
        "wrongColumns": len(one.wrong),
        "filledWrong": one.filled,
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
    speeds = [
        [one["name"], str(one["columns"]), f"{one['proposed']:.2f}", f"{one['rowsPerSecond']:,.0f}"]
        for one in result["speeds"]
    ]
    headers = len(result["layouts"]) + len(result["heldOut"])
    return "\n\n".join(
        [
            paragraph(
                f"{headers} header rows with values, engine: {result['engine']}. No model is shown a file, so there is "
                "no other engine to be scored."
            ),
            _part("Of tables that rules were made for, columns mapped right without help", result["layouts"]),
            _part("Of tables that are held out, columns mapped right without help", result["heldOut"]),
            table(["layout", "columns", f"proposed from {SAMPLE} rows, CPU s", "rows a CPU second"], speeds),
        ]
    )


def _part(what: str, found: Sequence[Mapping[str, Any]]) -> str:
    total = {name: sum(one[name] for one in found) for name in NAMES}
    rows = [[one["name"], one["module"], *(str(one[name]) for name in NAMES)] for one in found]
    share = total["right"] / total["columns"]
    wrong = total["filledWrong"]
    return "\n\n".join(
        [
            paragraph(
                f"{what}: {share:.1%}. Goal: {GOAL:.0%}: {'met' if share >= GOAL else 'missed'}. "
                f"Columns that fill another field than expected: {total['wrongColumns']}. "
                f"Values wrong without a warning: {wrong}. Goal: none: {'missed' if wrong else 'met'}."
            ),
            table(["layout", "module", *HEADS], [*rows, ["all", "", *(str(total[name]) for name in NAMES)]]),
        ]
    )


BENCHMARK = Benchmark("importing", __doc__.splitlines()[0], measure, report)


if __name__ == "__main__":
    exit_with(BENCHMARK.run)
