"""What all benchmarks that need no deployed stack have in common: how one is run alone, and what it hands over."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.report import header, heading
from deployed.terminal import CommandFailed, Steps

Result = dict[str, Any]  # JSON


@dataclass(frozen=True)
class Benchmark:
    """`measure(quick, steps)`: quick is for a test, and says nothing about speed. `report` makes text of the result."""

    name: str
    description: str
    measure: Callable[[bool, Steps], Result]
    report: Callable[[Mapping[str, Any]], str]

    def run(self, arguments: Sequence[str] | None = None) -> int:
        options = self._parser().parse_args(arguments)
        started = time.monotonic()
        try:
            result = self.measure(options.quick, Steps())
        except KeyboardInterrupt:
            print("Stopped.")
            return 130
        head = header()
        print(f"\n{heading(head)}\n\n{self.report(result)}\n\nMeasured in {time.monotonic() - started:.0f} s.")
        if options.json:
            options.json.write_text(json.dumps({"header": head, self.name: result}, indent=2) + "\n")
        return 0

    def _parser(self) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser(prog=f"python -m bench.{self.name}", description=self.description)
        add_quick(parser)
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
        return parser


def exit_with(command: Callable[[], int]) -> None:
    """Ends the process with the status of `command`, or with its failure in one sentence and status 1."""
    try:
        sys.exit(command())
    except CommandFailed as failure:
        sys.exit(str(failure))


def add_quick(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="everything small: to see that it works, not how fast")
