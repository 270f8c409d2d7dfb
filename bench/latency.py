"""How long a change takes to reach three people, and what it costs.

Beside it, in the same run and turn by turn: the usual design, in which the message only makes each of them fetch the
list of 50 records again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.calls import RECORDS, count
from bench.command import exit_with
from bench.deployed import add_option, deployed
from bench.report import figures, header, report
from bench.viewers import Room, Turn, looking_at
from deployed.endpoints import Endpoints
from deployed.terminal import CommandFailed, Steps
from openhouse_client.errors import ClientError

WRITER, VIEWERS = "ava@demo.test", ("ava@demo.test", "ben@demo.test", "josh@demo.test")
WARM_UP = 10


async def measure(endpoints: Endpoints, turns: int, steps: Steps) -> tuple[list[Turn], list[Turn]]:
    """By patch and by refetch, taking turns, so that whatever else this machine does falls on both alike."""
    async with looking_at(endpoints, RECORDS, writer=WRITER, viewers=VIEWERS) as room:
        with steps.step("warming up") as tell:
            for number in range(WARM_UP):
                await _pair(room)
                tell(f"{number + 1} of {WARM_UP}")
        pairs: list[tuple[Turn, Turn]] = []
        with steps.step(f"{turns} changes each way") as tell:
            for number in range(turns):
                pairs.append(await _pair(room))
                tell(f"{number + 1} of {turns}")
        return [patched for patched, _ in pairs], [refetched for _, refetched in pairs]


async def _pair(room: Room) -> tuple[Turn, Turn]:
    pair = []
    for refetch in (False, True):
        pair.append(await room.turn(refetch=refetch))
        await asyncio.sleep(0.02)  # the functions finish what comes after the last post
    return pair[0], pair[1]


def result(endpoints: Endpoints, turns: int, steps: Steps) -> dict[str, Any]:
    """What `report` makes text of, but for its header."""
    with steps.step("counting AWS calls"):
        (counted,) = count(RECORDS, [len(VIEWERS)])
    patched, refetched = asyncio.run(measure(endpoints, turns, steps))
    return {"patched": figures(patched), "refetched": figures(refetched), "calls": counted.wire()}


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    steps = Steps()
    started = time.monotonic()
    try:
        with deployed(options.config, steps) as endpoints:
            found = {"header": header(), **result(endpoints, options.changes, steps)}
    except ClientError as error:
        raise CommandFailed(str(error)) from error
    except KeyboardInterrupt:
        print("Stopped.")
        return 130
    print(f"\n{report(found)}\n\nMeasured in {time.monotonic() - started:.0f} s.")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.latency",
        description="Measure how long a change takes from the start of its PATCH to three sockets, and what it costs.",
    )
    add_option(parser)
    parser.add_argument("--changes", type=_count, default=200, metavar="N", help="of each way (200)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser


def _count(text: str) -> int:
    if text.isdecimal() and int(text) > 1:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number above 1")


if __name__ == "__main__":
    exit_with(main)
