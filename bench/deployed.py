"""The stack that a benchmark runs against."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from deployed.endpoints import Endpoints
from deployed.terminal import Steps
from local.emulator import free_port
from local.seed import seed
from local.stack import running_stack


def add_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", metavar="URL", help="config.json of a running stack (default: start one)")


@contextmanager
def deployed(config: str | None, steps: Steps) -> Iterator[Endpoints]:
    """The stack that this `config.json` is of, or else one of our own, gone at the end."""
    if config:
        yield Endpoints.fetch(config)
        return
    with running_stack(emulator_port=free_port(), steps=steps) as stack:
        with steps.step("demo brokerage"):
            seed(stack.cloud, stack.deployment)
        yield stack.deployment.endpoints
