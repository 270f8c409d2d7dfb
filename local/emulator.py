"""The AWS emulator of the local run: started on loopback, and never left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import httpx

from deployed import BUILD, ROOT
from deployed.cloud import REGION
from deployed.terminal import CommandFailed

HOST = "127.0.0.1"
ACCOUNT = "000000000000"
START_SECONDS = 60.0


class Decision(NamedTuple):
    principal: str  # its ARN
    action: str
    resource: str  # its ARN; the ids of connections are left out
    effect: str  # Allow, or by a lack of permission ImplicitDeny


class Emulator:
    """A MiniStack that runs on `port` of this machine's loopback."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.url = url_of(port)
        self._process = process

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def decisions(self) -> list[Decision]:
        """What IAM has decided so far, of each question once."""
        lines = (scratch_of(self.port) / "decisions.jsonl").read_text().splitlines()
        return [Decision(*json.loads(line)) for line in lines]


def url_of(port: int) -> str:
    return f"http://{HOST}:{port}"


def log_of(port: int) -> Path:
    return BUILD / f"emulator-{port}.log"


def scratch_of(port: int) -> Path:
    """The emulator's temporary directory: the functions and layers as its Lambda workers unpacked them."""
    return BUILD / f"emulator-{port}"


def refuse_busy_port(port: int, variable: str, command: str = "make run") -> None:
    """Raises CommandFailed if 127.0.0.1:`port` is taken, naming the variable that chooses another."""
    with socket.socket() as probe:
        # What servers do; without it a port closed a moment ago would count as busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandFailed(
                f"Port {port} is busy: stop what listens there, or choose another port, "
                f"for example `{command} {variable}={port + 1}`."
            ) from error


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


# The variables that keep an AWS tool from looking for an account.
NOWHERE = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def aws_environment(port: int) -> dict[str, str]:
    """The variables that make any AWS tool talk to the emulator, whatever the person's own configuration says."""
    return {
        **NOWHERE,
        "AWS_ENDPOINT_URL": url_of(port),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "NO_PROXY": f"{HOST},localhost",
        "no_proxy": f"{HOST},localhost",
    }


def without_aws(env: Mapping[str, str]) -> dict[str, str]:
    """`env` less everything that could lead an AWS tool to an account of the person at the terminal."""
    return {name: value for name, value in env.items() if not name.startswith("AWS_")}


def emulator_environment(port: int, env: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of the emulator's process, which its Lambda workers inherit.

    Built from little more than nothing: given a PYTHONPATH, the functions would find the shared package outside its
    layer.
    """
    scratch = scratch_of(port)
    nowhere = str(scratch / "absent")
    return {
        **{name: env[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TZ") if name in env},
        **aws_environment(port),
        "AUTH": "true",  # IAM is enforced, as on AWS: a permission that is missing is missed here
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "TMPDIR": str(scratch),
        "STATE_DIR": nowhere,
        "S3_DATA_DIR": nowhere,
        "PYTHONUNBUFFERED": "1",
        "LAMBDA_WARM_TTL_SECONDS": "86400",  # the first click after lunch need not be a cold start
        # Listeners on fixed ports, which two emulators would fight over, and containers: nothing here needs them.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": f"unix://{nowhere}",
    }


@contextmanager
def running_emulator(port: int) -> Iterator[Emulator]:
    """Yields once the emulator is healthy. Raises CommandFailed if it does not get there."""
    scratch = scratch_of(port)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        with log_of(port).open("wb") as log:
            process = subprocess.Popen(
                # -P keeps the modules of this package out of the emulator's import path.
                [sys.executable, "-P", str(Path(__file__).with_name("emulator_process.py"))],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=scratch,
                env=emulator_environment(port, os.environ),
                start_new_session=True,
            )
        try:
            _wait_until_healthy(port, process)
            yield Emulator(port, process)
        finally:
            # All its state is in memory and dies with it, so there is nothing to shut down gently.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _wait_until_healthy(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    with httpx.Client(trust_env=False, timeout=2) as client:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if client.get(f"{url_of(port)}/_ministack/health").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
    last_words = "\n".join(f"  {line}" for line in log_of(port).read_text(errors="replace").splitlines()[-15:])
    raise CommandFailed(f"The AWS emulator did not start; {log_of(port).relative_to(ROOT)} ends with:\n{last_words}")
