"""The emulator's process, for real, on a port of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from deployed import ROOT
from deployed.terminal import CommandFailed
from local.emulator import HOST, free_port, refuse_busy_port, running_emulator, scratch_of


def test_a_busy_port_is_refused_with_the_variable_that_chooses_another():
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CommandFailed, match=rf"^Port {port} is busy: .* `make run PORT={port + 1}`\.$"):
            refuse_busy_port(port, "PORT")


def test_a_port_whose_server_has_just_gone_is_not_busy():
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection((HOST, port)), server.accept()[0]:
            pass  # the server's side closes first, so its port lingers in TIME_WAIT
    refuse_busy_port(port, "PORT")


def test_at_the_end_neither_process_nor_port_nor_directory_is_left():
    port = free_port()
    with running_emulator(port) as emulator:
        assert emulator.is_running
        with pytest.raises(CommandFailed):
            refuse_busy_port(port, "EMULATOR_PORT")
    assert not emulator.is_running
    assert not scratch_of(port).exists()
    refuse_busy_port(port, "EMULATOR_PORT")


def test_an_emulator_that_cannot_start_says_what_its_log_says():
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CommandFailed, match="is already in use"), running_emulator(port):
            pass


def test_the_emulator_goes_with_a_starter_that_is_killed_outright():
    port = free_port()
    program = f"""
import time
from local.emulator import running_emulator
with running_emulator({port}):
    print("up", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"up\n"
        starter.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while True:
        try:
            refuse_busy_port(port, "EMULATOR_PORT")
        except CommandFailed:
            assert time.monotonic() < deadline, "the emulator outlives its starter"
            time.sleep(0.05)
        else:
            break
    assert not scratch_of(port).exists()
