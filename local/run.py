"""`openhouse run`: emulator, deployment, demo brokerage and page, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import time
from types import FrameType

from contractgen.pages import reference_pages
from deployed import ROOT
from deployed.endpoints import Deployment
from deployed.sign_in import DEMO_PASSWORD
from deployed.terminal import CommandFailed, Steps, say
from local.aws_like.client import AwsLike
from local.aws_like.conditions import Conditions
from local.emulator import log_of, refuse_busy_port, url_of
from local.seed import ADMIN, PEOPLE, seed
from local.serve import options_for, pages_of, serving, web_app
from local.stack import RunningStack, running_stack
from openhouse.crm.modules import MODULES

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(port: int, emulator_port: int, *, aws_like: bool = False) -> None:
    """Until Ctrl-C. Raises CommandFailed."""
    refuse_busy_port(port, "PORT")
    refuse_busy_port(emulator_port, "EMULATOR_PORT")
    _end_cleanly_when_told_to()
    started = time.monotonic()
    try:
        origins = [f"http://{host}:{port}" for host in ("localhost", "127.0.0.1")]
        with running_stack(emulator_port=emulator_port, steps=(steps := Steps()), origins=origins) as stack:
            with steps.step("demo brokerage"):
                seed(stack.cloud, stack.deployment)
            if aws_like:
                AwsLike(stack.emulator.url).switch_on(Conditions())
            pages = {
                **pages_of(stack.deployment, port),
                **reference_pages(stack.deployment, [*PEOPLE, ADMIN], MODULES),
            }
            with serving(pages, port, web_app(stack.deployment)):
                took = time.monotonic() - started
                say(*_summary(stack.deployment, port, emulator_port, took, aws_like=aws_like).split("\n"))
                _wait(stack, emulator_port)
    except KeyboardInterrupt:
        say("Stopped; nothing is left running.")


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


def _summary(deployment: Deployment, port: int, emulator_port: int, seconds: float, *, aws_like: bool) -> str:
    others = ", ".join(person.email.partition("@")[0] + "@" for person in (*PEOPLE[2:], PEOPLE[0], ADMIN))
    port_setting, endpoint_option = options_for(port)
    imitated = (
        f"  AWS       as it really is; what it did so far: curl {url_of(emulator_port)}/_aws_like\n" if aws_like else ""
    )
    return f"""
Openhouse is up, after {seconds:.0f} s.

  App       http://localhost:{port}
  About     http://localhost:{port}/about
  Contract  http://localhost:{port}/docs
  API       {deployment.endpoints.http_url}
  Socket    {deployment.socket_url}
  Sign in   {PEOPLE[1].email} (or {others}), password {DEMO_PASSWORD}
  Watch     make watch AS={PEOPLE[1].email}{port_setting}
  Load      .venv/bin/openhouse load FILE --module escrows --as {PEOPLE[1].email}{endpoint_option}
  Log       {_log(emulator_port)}
{imitated}
Ctrl-C stops everything.
"""


def _log(emulator_port: int) -> str:
    return str(log_of(emulator_port).relative_to(ROOT))
