"""`make bench`: everything that is measured here, one after the other in one run, as tables and charts."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import (
    browser,
    bulk,
    costs,
    importing,
    imports,
    language,
    latency,
    page,
    posting,
    reading,
    rooms,
    sockets,
    starts,
    storm,
)
from bench.command import add_quick, exit_with
from bench.deployed import add_option, deployed
from bench.plot import charts
from bench.report import header, heading
from bench.report import report as latency_report
from deployed import ROOT
from deployed.terminal import CommandFailed, Steps
from openhouse_client.errors import ClientError

BENCHMARKS = (
    costs.BENCHMARK,
    rooms.BENCHMARK,
    posting.BENCHMARK,
    starts.BENCHMARK,
    sockets.BENCHMARK,
    importing.BENCHMARK,
    reading.BENCHMARK,
    imports.BENCHMARK,
    language.BENCHMARK,
)
CHANGES, TURNS = 100, 3  # of the benchmarks over a deployed stack


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    steps = Steps()
    started = time.monotonic()
    head = header()
    results: dict[str, Any] = {}
    texts: dict[str, str] = {}  # of the page
    print(heading(head))
    try:
        for benchmark in BENCHMARKS:
            _title(benchmark.name)
            results[benchmark.name] = benchmark.measure(options.quick, steps)
            texts[benchmark.name] = benchmark.report(results[benchmark.name])
            print(f"\n{texts[benchmark.name]}")
        _title("storm")
        texts["storm"] = storm.measured(*((10, 600) if options.quick else (storm.SESSIONS, storm.CLIENTS)), steps)
        print(f"\n{texts['storm']}")
        if not options.quick:
            _title(browser.BENCHMARK.name)
            results["browser"] = browser.measure(options.quick, steps)
            texts["browser"] = browser.report(results["browser"])
            print(f"\n{texts['browser']}")
            results["latency"], texts["latency"], texts["bulk"] = _deployed(options.config, steps)
    except ClientError as error:
        raise CommandFailed(str(error)) from error
    except KeyboardInterrupt:
        print("Stopped.")
        return 130
    figures, index = options.directory / "figures.json", options.directory / "index.html"
    options.directory.mkdir(parents=True, exist_ok=True)
    figures.write_text(json.dumps({"header": head, **results}, indent=2) + "\n")
    index.write_text(page.page(head, texts, charts(results)), "utf-8")
    print(f"\nMeasured in {time.monotonic() - started:.0f} s. Also written: {figures}, {index}")
    return 0


def _deployed(config: str | None, steps: Steps) -> tuple[dict[str, Any], str, str]:
    """What is measured over all functions as they are deployed, and as text: latency, bulk."""
    _title("latency, bulk")
    with deployed(config, steps) as endpoints:
        found = latency.result(endpoints, CHANGES, steps)
        text = latency_report({"header": {}, **found}).strip()
        print(f"\n{text}\n")
        turns = asyncio.run(bulk.measure(endpoints, TURNS, steps))
        of_bulk = bulk.report(turns, {}).strip()
        print(f"\n{of_bulk}")
    return found, text, of_bulk


def _title(name: str) -> None:
    print(f"\n{f' {name} ':-^100}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure everything, and draw it.")
    add_option(parser)
    add_quick(parser)
    parser.add_argument(
        "--directory", type=Path, default=ROOT / "build" / "bench", help="for figures and charts (build/bench)"
    )
    return parser


if __name__ == "__main__":
    exit_with(main)
