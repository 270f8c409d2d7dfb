"""`python -m bench.imports`: what an import costs, counted: transitions, invocations, units, objects and posts.

The whole of it runs on the functions' own code over a table and a bucket in memory, from the file to the last record.
Time is that of the pace, by a clock that moves while a step rests; what planning takes of this machine is measured.
`--rows 100000` is the largest import that there is; `--file sales.csv --module listing` one of your own, for which
`--constants '{"status": "sold"}'` says what is the same in all rows.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.command import Benchmark, Result, exit_with
from bench.idle import CALL, GB_SECOND, MESSAGE, MILLION, READ, WRITE
from bench.meter import row_of
from bench.metered_table import MeteredTable
from bench.report import paragraph, table
from bench.step_memory import held, peak_of
from bench.units import row_write_units
from deployed.terminal import Steps
from openhouse.functions import FAST_LANE, TASK_STEP
from openhouse.storage.keys import INDEXES, Item, RecordPlace
from openhouse.storage.marshalling import marshal
from openhouse.tasks.steps import STEP_SECONDS
from tests.functional.conftest import World
from tests.functional.importing import NUMBERS, begin, read
from tests.functional.sockets import found
from tests.functional.test_http import call

ROWS, QUICK_ROWS = 2_000, 60
MEMBERS = 10  # who look on, each with a socket
TRANSITION = 25.0 / MILLION  # of Step Functions: https://aws.amazon.com/step-functions/pricing/, November 2026
PUT, GET = 5.0 / MILLION, 0.4 / MILLION  # of S3: https://aws.amazon.com/s3/pricing/, November 2026
STREAM_CALL_SECONDS, POST_SECONDS = 0.1, 0.05  # of the functions that follow a commit
GOAL = 0.05
MOST_MB = 512  # that a step may take
_BETWEEN = ("Step", "More")  # the states of a step


class Counted:
    """A world whose table and bucket count. `search`: rows of the search index that came or went."""

    def __init__(self) -> None:
        self.table = MeteredTable()
        self.world = World(None, self.table)
        found(self.world)
        self.index_units = 0.0
        self.search = 0
        self.commits = 0
        self.objects: Counter[str] = Counter()
        self.table.told = self._told
        bucket = self.world.bucket
        put, content = bucket.put, bucket.content

        def counted_put(*page: Any, **about: Any) -> None:
            self.objects["put"] += 1
            put(*page, **about)

        def counted_content(key: str) -> bytes | None:
            self.objects["get"] += 1
            return content(key)

        bucket.put = counted_put  # type: ignore[method-assign]
        bucket.content = counted_content  # type: ignore[method-assign]

    def _told(self, before: Item | None, after: Item | None) -> None:
        item = after or before
        assert item is not None
        if item["pk"].startswith("L#") and item["sk"].startswith("C#") and before is None:
            self.commits += 1
        if not item["pk"].startswith("R#") or RecordPlace.of(item).noun.startswith("deleted."):
            return
        was, now = (marshal(each) if each else {} for each in (before, after))
        self.index_units += sum(row_write_units(name, row_of(was, name), row_of(now, name)) for name in INDEXES)
        self.search += len(self.world.word_index.rows(before) ^ self.world.word_index.rows(after))

    def taken(self) -> dict[str, float]:
        spent = {
            "read": self.table.read,
            "written": self.table.written + self.index_units + self.search,
            "commits": self.commits,
            "puts": self.objects["put"],
            "gets": self.objects["get"],
        }
        self.table.read = self.table.written = self.index_units = 0.0
        self.search = self.commits = 0
        self.objects.clear()
        return spent


def contacts(rows: int) -> str:
    """As a CRM exports them."""
    head = "First Name,Last Name,Email,Phone,Address,City,State,Zip,Tags,Notes\n"
    return head + "".join(
        f"First{n},Last{n % 997},person{n}@example.com,(415) {200 + n // 10_000 % 800}-{n % 10_000:04d},"
        f'{n} Main Street,Sacramento,CA,958{n % 100:02d},"VIP, Past Client",Met at the open house of number {n}\n'
        for n in range(rows)
    )


def measure_rows(rows: int, steps: Steps) -> Result:
    return measure_file(contacts(rows), "client", steps)


def measure_file(text: str, module: str, steps: Steps, **asked: Any) -> Result:
    own = held()
    counted = Counted()
    world = counted.world
    with steps.step("planning"):
        id_ = begin(world, text, module, **asked)
        counted.taken()
        started = time.process_time()
        of_planning = _work(world)
        planned = time.process_time() - started
        planning = counted.taken()
    proposed = read(world, id_)["proposal"]["counts"]
    with steps.step("writing"):
        before = world.clock()
        call(world, "POST", f"/tasks/{id_}/confirm", {})
        of_writing = _work(world)
        written = (world.clock() - before).total_seconds()
        writing = counted.taken()
    done = read(world, id_)
    assert done["status"] == "completed", done
    counts = {name: done["result"][name] for name in (*NUMBERS, "warned")}
    there = sum(item["sk"].startswith(f"{module}#") for item in counted.table.items("R#"))
    assert counts["created"] == there == proposed["create"], "what is counted is what is there"
    with steps.step("the same again"):
        again = begin(world, text, module, **asked)
        of_planning_again = _work(world)
        call(world, "POST", f"/tasks/{again}/confirm", {})
        _work(world)
    result = read(world, again)["result"]
    return {
        "module": next(each.path for each in world.modules if each.noun == module),
        "rows": sum(counts[name] for name in NUMBERS),
        "counts": counts,
        "planned": planned,
        "written": written,
        "planning": planning,
        "writing": writing,
        "createdAgain": result["created"],
        "skippedAgain": result["skipped"],
        "mb": {"planning": own + of_planning, "writing": own + of_writing, "again": own + of_planning_again},
    }


def _work(world: World) -> float:
    """All that has begun, to its end; by how many MB the largest step made the process grow."""
    most = 0.0
    for about in world.workflows.take():
        more = True
        while more:
            answered, mb = peak_of(lambda about=about: world.task_steps.handle(about))  # type: ignore[misc]
            more, most = answered["more"], max(most, mb)
    return most


def dollars(result: Mapping[str, Any]) -> dict[str, float]:
    """Of a thousand rows, by what they are for."""
    planning, writing = result["planning"], result["writing"]
    steps = [math.ceil(result[phase] / STEP_SECONDS) or 1 for phase in ("planned", "written")]
    seconds = result["planned"] + result["written"]
    commits = planning["commits"] + writing["commits"]
    memory, fast = TASK_STEP.memory_mb / 1024, FAST_LANE.memory_mb / 1024
    following = 2 * commits * (CALL + fast * POST_SECONDS * GB_SECOND)
    found = {
        "transitions of Step Functions": sum(len(_BETWEEN) * each + 2 for each in steps) * TRANSITION,
        "the function of steps": sum(steps) * CALL + seconds * memory * GB_SECOND,
        "writes, those of indexes and search too": (planning["written"] + writing["written"]) * WRITE,
        "reads": (planning["read"] + writing["read"]) * READ,
        "objects": (planning["puts"] + writing["puts"]) * PUT + (planning["gets"] + writing["gets"]) * GET,
        "functions that post commits": following,
        f"posts to {MEMBERS} who look on": commits * MEMBERS * MESSAGE,
    }
    return {what: price * 1_000 / result["rows"] for what, price in found.items()}


def measure(quick: bool, steps: Steps) -> Result:
    return measure_rows(QUICK_ROWS if quick else ROWS, steps)


def report(result: Mapping[str, Any]) -> str:
    rows, cost = result["rows"], dollars(result)
    total = sum(cost.values())
    planning, writing = result["planning"], result["writing"]
    steps = [math.ceil(result[phase] / STEP_SECONDS) or 1 for phase in ("planned", "written")]
    units = planning["written"] + writing["written"], planning["read"] + writing["read"]
    counts, mb = result["counts"], result["mb"]
    lines = [
        ["rows", f"{rows:,}"],
        ["of which " + ", ".join(counts), ", ".join(f"{count:,}" for count in counts.values())],
        ["planned, rows a second of this CPU", f"{rows / result['planned']:,.0f}"],
        ["written, rows a second by the pace", f"{rows / result['written']:,.0f}"],
        ["written, minutes by the pace", f"{result['written'] / 60:.1f}"],
        ["steps, planning and writing", " and ".join(map(str, steps))],
        ["transitions", str(sum(len(_BETWEEN) * each + 2 for each in steps))],
        ["commits", f"{planning['commits'] + writing['commits']:,.0f}"],
        ["write units, and a row", f"{units[0]:,.0f}, {units[0] / rows:.1f}"],
        ["read units, and a row", f"{units[1]:,.0f}, {units[1] / rows:.1f}"],
        ["records that a second import creates, and skips", f"{result['createdAgain']}, {result['skippedAgain']:,}"],
        ["memory of a step that plans, MB", f"{mb['planning']:.0f}"],
        ["of one that plans the same again", f"{mb['again']:.0f}"],
        ["of one that writes", f"{mb['writing']:.0f}"],
        ["dollars of all", f"{total * rows / 1_000:.2f}"],
    ]
    about = paragraph(
        f"{rows:,} rows, imported as {result['module']}. Dollars below are those of a thousand rows, without calls "
        f"of models. Goal: under ${GOAL}: {'met' if total < GOAL else 'missed'}. "
        f"Memory with what a process holds by itself, and with what the step puts into the table and the bucket in "
        f"memory. Goal: under {MOST_MB} MB: {'met' if max(mb.values()) < MOST_MB else 'missed'}."
    )
    prices = [[what, f"{price:.4f}"] for what, price in cost.items()]
    return "\n\n".join(
        [about, table(["", ""], lines), table(["of 1,000 rows", "dollars"], [*prices, ["all", f"{total:.4f}"]])]
    )


BENCHMARK = Benchmark("imports", "Count what an import costs.", measure, report)


def main(arguments: Sequence[str] | None = None) -> int:
    """With --rows for another number of them, or --file for those of somebody."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--module", default="client")
    parser.add_argument("--constants", type=json.loads, default={})
    known, rest = parser.parse_known_args(arguments)
    if known.file:
        text = known.file.read_text("utf-8-sig")
        print(report(measure_file(text, known.module, Steps(), constants=known.constants)))
        return 0
    if known.rows:
        print(report(measure_rows(known.rows, Steps())))
        return 0
    return BENCHMARK.run(rest)


if __name__ == "__main__":
    exit_with(main)
