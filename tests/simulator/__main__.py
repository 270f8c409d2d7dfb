"""`python -m tests.simulator`: one history again, many for a while, or some as files for other clients."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom

from tests.simulator.choices import Choices
from tests.simulator.crowd import run_many
from tests.simulator.recording import record
from tests.simulator.running import Broken, fails, run


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--seed", type=int, help="run this history, and tell it")
    parser.add_argument("--minutes", type=float, help="run histories on all cores until time is over")
    parser.add_argument("--from", type=int, dest="first", help="the first of their seeds; else it is random")
    parser.add_argument("--record", type=Path, metavar="DIR", help="write what each client is told")
    parser.add_argument("--seeds", default="1-100", metavar="FIRST-LAST", help="whose (1-100)")
    asked = parser.parse_args(arguments)
    if asked.record is not None:
        first, last = map(int, asked.seeds.split("-"))
        say(f"{len(record(asked.record, range(first, last + 1)))} files in {asked.record}")
        return 0
    if asked.seed is not None:
        return _tell(asked.seed)
    if asked.minutes is not None:
        start = asked.first if asked.first is not None else SystemRandom().randrange(1, 10**12)
        return _soak(asked.minutes * 60, start)
    return parser.error("what shall it do? --seed, --minutes or --record")


def say(words: object) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _tell(seed: int) -> int:
    broken = fails(seed)
    if broken is None:
        run(Choices(seed), say=say)
        say(f"seed {seed}: all is well")
        return 0
    say(broken)
    return 1


def _soak(seconds: float, first: int) -> int:
    began = time.monotonic()
    done, broken = 0, list[Broken]()
    say(f"from seed {first} on")
    for number, found in run_many(first, lambda _begun: time.monotonic() - began < seconds):
        done += number
        broken += found
        for one in found:
            say(one)
    spent = time.monotonic() - began
    say(f"{done:,} histories in {spent:.0f} s, {done / spent:.0f} a second; {len(broken)} failed")
    for seed in sorted(one.seed for one in broken):
        say(f"  seed {seed}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
