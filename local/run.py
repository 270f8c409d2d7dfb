"""`make run`: emulator, deployment, demo brokerage and page, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType

from contractgen.pages import reference_pages
from deployed import ROOT
from deployed.endpoints import Deployment
from deployed.sign_in import DEMO_PASSWORD
from deployed.terminal import CommandFailed, Steps, exit_with
from local.emulator import log_of, refuse_busy_port
from local.seed import ADMIN, PEOPLE, seed
from local.serve import DEFAULT_PORT, options_for, pages_of, serving
from local.stack import RunningStack, running_stack
from openhouse.crm.modules import MODULES

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.port == options.emulator_port:
        raise CommandFailed(f"PORT and EMULATOR_PORT are both {options.port}: they have to differ.")
    refuse_busy_port(options.port, "PORT")
    refuse_busy_port(options.emulator_port, "EMULATOR_PORT")
    _end_cleanly_when_told_to()
    started = time.monotonic()
    try:
        origins = [f"http://{host}:{options.port}" for host in ("localhost", "127.0.0.1")]
        with running_stack(emulator_port=options.emulator_port, steps=(steps := Steps()), origins=origins) as stack:
            with steps.step("demo brokerage"):
                seed(stack.cloud, stack.deployment)
            pages = {
                **pages_of(stack.deployment, options.port),
                **reference_pages(stack.deployment, [*PEOPLE, ADMIN], MODULES),
            }
            with serving(pages, options.port):
                print(_summary(stack.deployment, options.port, options.emulator_port, time.monotonic() - started))
                _wait(stack, options.emulator_port)
    except KeyboardInterrupt:
        print("Stopped; nothing is left running.", flush=True)
    return 0


def _end_cleanly_when_told_to() -> None:
    def end(_signal: int, _frame: FrameType | None) -> None:
        for other in _ENDINGS:  # an impatient second Ctrl-C must not interrupt the clearing up
            signal.signal(other, signal.SIG_IGN)
        os.write(sys.stdout.fileno(), b"\nStopping ...\n")
        raise KeyboardInterrupt

    for ending in _ENDINGS:
        signal.signal(ending, end)


def _wait(stack: RunningStack, emulator_port: int) -> None:
    while stack.emulator.is_running:
        time.sleep(0.5)
    raise CommandFailed(f"The AWS emulator has ended by itself; its last words are in {_log(emulator_port)}.")


def _summary(deployment: Deployment, port: int, emulator_port: int, seconds: float) -> str:
    others = ", ".join(person.email.partition("@")[0] + "@" for person in (*PEOPLE[2:], PEOPLE[0], ADMIN))
    port_setting, endpoint_option = options_for(port)
    return f"""
Openhouse is up, after {seconds:.0f} s.

  Page      http://localhost:{port}
  Contract  http://localhost:{port}/docs
  API       {deployment.endpoints.http_url}
  Socket    {deployment.socket_url}
  Sign in   {PEOPLE[1].email} (or {others}), password {DEMO_PASSWORD}
  Watch     make watch AS={PEOPLE[1].email}{port_setting}
  Load      .venv/bin/python -m cli.load FILE --module escrows --as {PEOPLE[1].email}{endpoint_option}
  Log       {_log(emulator_port)}

Ctrl-C stops everything.
"""


def _log(emulator_port: int) -> str:
    return str(log_of(emulator_port).relative_to(ROOT))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.run", description="Run all of Openhouse on this machine.")
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, help=f"of the page ({DEFAULT_PORT})")
    parser.add_argument("--emulator-port", type=_port, default=4566, help="of the AWS emulator (4566)")
    return parser


def _port(text: str) -> int:
    if text.isdecimal() and 1024 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1024 to 65535")


if __name__ == "__main__":
    exit_with(main)
