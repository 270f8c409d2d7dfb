"""A function's process is frozen and thawed: whatever it has lost meanwhile, the next call delivers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.connections_api import ConnectionsApi

ROOT = Path(__file__).resolve().parents[2]


class Sandbox:
    """One process that posts."""

    def __init__(self, api: ConnectionsApi) -> None:
        path = os.pathsep.join(map(str, [ROOT, ROOT / "layers" / "openhouse" / "python"]))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.functional.posting_process", api.endpoint],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path, "POWERTOOLS_LOG_LEVEL": "CRITICAL"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, command: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@pytest.fixture
def api() -> Iterator[ConnectionsApi]:
    with ConnectionsApi().running() as api:
        yield api


@pytest.fixture
def sandbox(api: ConnectionsApi) -> Iterator[Sandbox]:
    sandbox = Sandbox(api)
    assert sandbox.ask("post") == "[{}]"
    yield sandbox
    sandbox.end()


def received(api: ConnectionsApi) -> tuple[int, int]:
    return len(api.received["open-1"]), len(api.received["open-2"])


def test_a_process_that_was_frozen_while_its_connections_were_ended_delivers(
    api: ConnectionsApi, sandbox: Sandbox
) -> None:
    sandbox.freeze()
    api.hang_up()
    time.sleep(0.1)
    sandbox.thaw()
    assert sandbox.ask("post") == "[{}]"
    assert received(api) == (2, 2)


def test_a_process_that_was_frozen_while_its_connections_fell_silent_delivers(
    api: ConnectionsApi, sandbox: Sandbox
) -> None:
    sandbox.freeze()
    api.deaf = api.opened
    sandbox.thaw()
    assert sandbox.ask("post") == "[{}]"
    assert received(api) == (2, 2)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="finds descriptors as Linux shows them")
def test_a_process_whose_event_loop_lost_a_descriptor_delivers_in_that_call_and_after_it(
    api: ConnectionsApi, sandbox: Sandbox
) -> None:
    assert sandbox.ask("break") == "told"
    assert sandbox.ask("post") == "[{}]"
    assert sandbox.ask("post") == "[{}]"
    assert received(api) >= (3, 3)
    assert max(received(api)) == 4  # the broken call had begun to post before its loop failed


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="finds descriptors as Linux shows them")
def test_a_process_whose_connections_lost_their_descriptors_delivers(api: ConnectionsApi, sandbox: Sandbox) -> None:
    assert sandbox.ask("lose") == "told"
    assert sandbox.ask("post") == "[{}]"
    assert received(api) == (2, 2)
