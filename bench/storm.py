"""`python -m bench.storm`: how a crowd returns whose sockets all ended at the same instant.

Over real sockets of this machine, with the session's jitter and without; and in virtual time, for a crowd as large as
API Gateway's quota of new connections makes it wait.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from bench.command import exit_with
from bench.reconnecting import tries_after_a_cut
from bench.report import header, heading, table
from bench.returning import Returned, returned
from deployed.terminal import Steps
from openhouse_client.backoff import Backoff

ADMITS = 500  # API Gateway's quota: new WebSocket connections per second and account
SLICE = 0.1  # seconds
BAR = 40
ALMOST = 0.999_999
SESSIONS, CLIENTS = 200, 10_000


def no_jitter() -> float:
    """Whoever draws the same has the usual fixed exponential delays."""
    return ALMOST


def real(sessions: int, steps: Steps) -> dict[str, list[int]]:
    """Attempts by slice of time, with and without jitter."""
    result = {}
    for name, measure in {
        "with jitter": partial(tries_after_a_cut, sessions),
        "without": partial(tries_after_a_cut, sessions, no_jitter),
    }.items():
        with steps.step(f"{sessions} sessions cut at once, {name}"):
            slices = Counter(int(tried / SLICE) for tried in asyncio.run(measure()))
        result[name] = [slices[number] for number in range(max(slices) + 1)]
    return result


def virtual(clients: int, steps: Steps) -> dict[str, Returned]:
    usual = Backoff(no_jitter)
    kinds: dict[str, Any] = {
        "with jitter": lambda client: Backoff(Random(client).random),
        "without": lambda _client: usual,
        "first within 2 s": lambda client: Backoff(Random(client).random, first=4 * usual.first),
        "longest 60 s": lambda client: Backoff(Random(client).random, longest=2 * usual.longest),
    }
    with steps.step(f"{clients:,} clients in virtual time"):
        return {name: returned(clients, ADMITS, backoffs) for name, backoffs in kinds.items()}


def measured(sessions: int, clients: int, steps: Steps) -> str:
    return report(real(sessions, steps), virtual(clients, steps))


def report(slices: Mapping[str, Sequence[int]], crowds: Mapping[str, Returned]) -> str:
    sessions, clients = sum(slices["with jitter"]), len(crowds["with jitter"].back)
    fastest = (clients - ADMITS) / ADMITS
    return "\n\n".join(
        [
            f"{sessions} real sessions, cut at once: attempts to connect per {SLICE * 1000:.0f} ms.\n\n"
            + _bars(slices),
            f"{clients:,} clients, cut at once, in virtual time, at a gateway that admits {ADMITS} a second and\n"
            f"refuses others, so that all could be back after {fastest:.0f} s. Tries and returns are per second:\n\n"
            + _seconds(crowds["with jitter"], crowds["without"]),
            "The same, and with other bounds of the first delay (0.5 s) and of the longest (30 s):\n\n"
            + _summary(crowds),
        ]
    )


def _bars(slices: Mapping[str, Sequence[int]]) -> str:
    ours, fixed = slices["with jitter"], slices["without"]
    largest = max(*ours, *fixed)
    rows = [["peak", str(max(ours)), "", str(max(fixed)), ""]]
    rows.append(["median", f"{median(filter(None, ours)):.0f}", "", f"{median(filter(None, fixed)):.0f}", ""])
    for number in range(max(len(ours), len(fixed))):
        cells = [f"{number * SLICE:.1f} s"]
        for counts in (ours, fixed):
            count = counts[number] if number < len(counts) else 0
            cells += [str(count), ("#" * -(-count * BAR // largest)).ljust(BAR)]
        rows.append(cells)
    return table(["", "with jitter", "", "without", ""], rows)


def _seconds(ours: Returned, fixed: Returned) -> str:
    """In periods that double."""
    rows, begin = [], 0
    end = int(max(ours.back[-1], fixed.back[-1])) + 1
    while begin < end:
        until = max(begin + 1, 2 * begin)
        cells = [f"{begin} to {until} s"]
        for crowd in (ours, fixed):
            cells += [
                f"{sum(counts[second] for second in range(begin, until)) / (until - begin):,.0f}"
                for counts in (crowd.tries, crowd.admitted)
            ]
            cells.append(f"{sum(moment < until for moment in crowd.back) / len(crowd.back):.0%}")
        rows.append(cells)
        begin = until
    return table(["", "jitter: tries", "returns", "back", "without: tries", "returns", "back"], rows)


def _summary(crowds: Mapping[str, Returned]) -> str:
    rows = [
        [
            name,
            f"{crowd.back_at(0.5):.0f} s",
            f"{crowd.back_at(0.95):.0f} s",
            f"{crowd.back_at(1):.0f} s",
            f"{crowd.tries_each:.1f}",
            f"{max(crowd.tries.values()):,}",
        ]
        for name, crowd in crowds.items()
    ]
    return table(["", "half back", "95% back", "all back", "tries a client", "most tries a second"], rows)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    steps = Steps()
    started = time.monotonic()
    try:
        slices = real(options.sessions, steps)
        crowds = virtual(options.clients, steps)
    except KeyboardInterrupt:
        print("Stopped.")
        return 130
    head = header()
    print(f"\n{heading(head)}\n\n{report(slices, crowds)}\n\nMeasured in {time.monotonic() - started:.0f} s.")
    if options.json:
        figures = {name: {"back": crowd.back, "triesEach": crowd.tries_each} for name, crowd in crowds.items()}
        options.json.write_text(json.dumps({"header": head, "real": slices, "virtual": figures}, indent=2) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.storm",
        description="Measure how a crowd returns whose sockets all ended at the same instant.",
    )
    parser.add_argument(
        "--sessions", type=_count, default=SESSIONS, metavar="N", help=f"over real sockets ({SESSIONS})"
    )
    parser.add_argument("--clients", type=_count, default=CLIENTS, metavar="N", help=f"in virtual time ({CLIENTS:,})")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser


def _count(text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")


if __name__ == "__main__":
    exit_with(main)
