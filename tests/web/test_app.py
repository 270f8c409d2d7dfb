"""The web app: its types, its style, and the tests of what needs no browser."""

from __future__ import annotations

import os
import subprocess

import pytest

from deployed import ROOT
from deployed.cdk import NODE

APP = ROOT / "web" / "app"
TOOLS = ROOT / "node_modules" / ".bin"


@pytest.mark.parametrize(
    "command",
    [
        ["tsc", "--project", "tsconfig.json"],
        ["oxlint", "--type-aware", "--deny-warnings"],
        ["vitest", "run"],
    ],
    ids=["types", "style", "tests"],
)
@pytest.mark.timeout(600)  # a few seconds of work, for a machine that has other things to do as well
def test_its_own_checks_pass(command: list[str]) -> None:
    tool, *arguments = command
    environment = {**os.environ, "PATH": f"{NODE}{os.pathsep}{TOOLS}{os.pathsep}{os.environ['PATH']}"}
    run = subprocess.run(
        [str(TOOLS / tool), *arguments], cwd=APP, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
